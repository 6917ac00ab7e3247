//! `doorkey profile add`.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use doorkey_core::{ClientSecret, FieldKind, FormFault, Preset, Profile, ProfileName};
use serde::Serialize;

use super::secret_source::{self, SecretSource};
use crate::context::Context;
use crate::exit::{self, Exit, Failure, Outcome};

/// Fields and their texts, as they were typed.
type Assignments = Vec<(String, String)>;

/// Add a profile
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  doorkey profile add work --preset oidc --set issuer=https://login.example.com \\
      --set client_id=desktop --set scopes=\"openid email\" --set api=https://api.example.com/v1
  doorkey profile add play --preset auth0 --set domain=acme.eu.auth0.com --set client_id=desktop
  doorkey profile add mail --preset google --set client_id=...    asks for the client secret
  doorkey profile list --presets      every field of every preset")]
pub(super) struct Add {
    /// Its name
    #[arg(value_name = "NAME")]
    name: ProfileName,

    /// What it is made from
    #[arg(long, value_parser = preset_parser())]
    preset: Preset,

    /// A field of the preset; may be repeated. A client secret is read from standard input (client_secret=-) or from a file
    /// (client_secret=@FILE), or asked for
    // Only what is written as `Vec` may be repeated; the name for it would be one value.
    #[arg(long, value_name = "FIELD=VALUE", value_parser = assignment)]
    set: Vec<(String, String)>,
}

#[derive(Serialize)]
struct Document<'a> {
    profile: &'a str,
    file: PathBuf,
    /// What to register at the provider. Empty where the server tells which one it knows.
    redirect_uris: Vec<String>,
    redirect_rule: &'static str,
    checklist: &'static [&'static str],
    caution: &'static str,
    /// None where the profile sends none.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret_kept: Option<bool>,
}

impl Add {
    pub(super) async fn run(&self, context: &Context) -> Outcome {
        let profiles = context.profiles();
        profiles.vacant(&self.name)?;
        self.once()?;
        let (set, source) = self.apart()?;
        let profile = self
            .preset
            .build(&self.name, &set)
            .map_err(FormFault::into_named)?;
        let secret = self.secret(&profile, source, context).await?;
        let is_kept = secret.is_some();
        let doorkey = context.engine().doorkey;
        doorkey.add_profile(&profile, secret).await?;
        let document = Document {
            profile: self.name.as_str(),
            file: profiles.path(&self.name),
            redirect_uris: profile.redirect_uris_to_register(),
            redirect_rule: self.preset.redirect_rule(),
            checklist: self.preset.checklist(),
            caution: self.preset.caution(),
            client_secret_kept: profile.sends_client_secret().then_some(is_kept),
        };
        context.output.answer(&document, || {
            format!(
                "Added profile {} in {}.\n{}{}{}",
                self.name,
                document.file.display(),
                document.console(self.preset),
                document.secret(),
                exit::sign_in(&self.name)
            )
        })?;
        Ok(Exit::Done)
    }
}

impl Document<'_> {
    /// What to do in the provider's console.
    fn console(&self, preset: Preset) -> String {
        let mut lines = vec![format!("At the provider ({}):", preset.title())];
        let steps = self.checklist.iter().map(|step| format!("- {step}"));
        lines.extend(steps);
        if !self.redirect_uris.is_empty() {
            lines.push("Redirect URIs:".to_owned());
            lines.extend(self.redirect_uris.iter().map(|uri| format!("  {uri}")));
            lines.push(format!("  {}.", self.redirect_rule));
        }
        if !self.caution.is_empty() {
            lines.push(format!("Note: {}", self.caution));
        }
        lines.push(String::new());
        lines.join("\n")
    }

    /// What became of the client secret.
    fn secret(&self) -> String {
        match self.client_secret_kept {
            None => String::new(),
            Some(true) => "The client secret is kept in the keychain.\n".to_owned(),
            Some(false) => format!(
                "No client secret is kept yet. Give it: doorkey profile secret {}\n",
                self.profile
            ),
        }
    }
}

impl Add {
    /// What was set, and where the client secret is to be read from.
    fn apart(&self) -> Result<(Assignments, Option<SecretSource>), Failure> {
        let is_secret = |name: &str| {
            let field = self.preset.field(name);
            field.is_some_and(|field| field.kind == FieldKind::Secret)
        };
        let mut set = self.set.clone();
        let source = set.extract_if(.., |(name, _)| is_secret(name)).next();
        let source = source.map(|(_, text)| SecretSource::parse(&text));
        Ok((set, source.transpose()?))
    }

    /// The client secret, from where it was said to be, or from the person if there is one to ask.
    async fn secret(
        &self,
        profile: &Profile,
        source: Option<SecretSource>,
        context: &Context,
    ) -> Result<Option<ClientSecret>, Failure> {
        match source {
            Some(source) => source.read(&self.name).await.map(Some),
            None if profile.sends_client_secret() && secret_source::can_ask(context) => {
                secret_source::ask(&self.name).await
            }
            None => Ok(None),
        }
    }

    /// Refuses what only a slip of the hand sets twice; lists grow.
    fn once(&self) -> Result<(), Failure> {
        let is_list = |name: &str| {
            self.preset.field(name).is_some_and(|field| {
                matches!(
                    field.kind,
                    FieldKind::Words | FieldKind::Ports | FieldKind::Pairs
                )
            })
        };
        let names: Vec<_> = self.set.iter().map(|(name, _)| name.as_str()).collect();
        let again = names.iter().enumerate().find(|(index, name)| {
            !is_list(name) && names.iter().take(*index).any(|former| former == *name)
        });
        match again {
            Some((_, name)) => Err(Failure::usage(
                format!("`{name}` is set twice"),
                "Set it once.",
            )),
            None => Ok(()),
        }
    }
}

/// Takes the id of a preset; help lists them with what they are for.
fn preset_parser() -> impl TypedValueParser<Value = Preset> {
    let presets = Preset::all()
        .iter()
        .map(|preset| PossibleValue::new(preset.id()).help(preset.about()));
    PossibleValuesParser::new(presets)
        .try_map(|id| Preset::named(&id).ok_or_else(|| format!("there is no preset {id}")))
}

fn assignment(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((field, value)) if !field.trim().is_empty() => {
            Ok((field.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err("write it as FIELD=VALUE".to_owned()),
    }
}
