//! `doorkey profile show`.

use std::path::PathBuf;

use clap::Args;
use doorkey_core::{Doorkey, Profile, ProfileName};
use serde::Serialize;

use crate::context::Context;
use crate::exit::{Exit, Outcome};

/// Show a profile as its file has it
#[derive(Debug, Args)]
pub(super) struct Show {
    /// Its name
    #[arg(value_name = "NAME")]
    name: ProfileName,
}

#[derive(Serialize)]
struct Document<'a> {
    name: &'a str,
    /// None for the built-in profile.
    file: Option<PathBuf>,
    issuer: Option<&'a str>,
    /// None where the server tells it, as well as what else the profile leaves open.
    client_id: Option<&'a str>,
    scopes: &'a [String],
    redirect_uri: String,
    api: Vec<&'a str>,
    /// None where the profile sends none.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<ClientSecret>,
    /// As written, without what is default.
    settings: toml::Table,
}

/// What may be told of a client secret.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
enum ClientSecret {
    Kept,
    Missing,
    /// The keychain cannot be asked.
    Unknown,
}

impl Show {
    pub(super) async fn run(&self, context: &Context) -> Outcome {
        let profile = context.profile(&self.name)?;
        let text = profile.to_toml();
        let file = Some(context.profiles().path(&self.name)).filter(|path| path.exists());
        let client_secret = ClientSecret::of(&profile, &context.engine().doorkey).await;
        let document = Document {
            name: self.name.as_str(),
            issuer: profile.issuer().map(|issuer| issuer.as_str()),
            client_id: Some(profile.client_id()).filter(|id| !id.is_empty()),
            scopes: profile.scopes(),
            redirect_uri: profile.redirect_uri().to_string(),
            api: profile.api().iter().map(url::Url::as_str).collect(),
            client_secret,
            settings: text.parse().unwrap_or_default(),
            file: file.clone(),
        };
        context.output.answer(&document, || match &file {
            Some(path) => format!("# {}\n{}{text}", path.display(), self.line(client_secret)),
            None => format!("# built in\n{text}"),
        })?;
        Ok(Exit::Done)
    }

    fn line(&self, secret: Option<ClientSecret>) -> String {
        match secret {
            None => String::new(),
            Some(ClientSecret::Kept) => {
                "# client secret: kept in the keychain, though in a desktop program it is no secret\n"
                    .to_owned()
            }
            Some(ClientSecret::Missing) => format!(
                "# client secret: none is kept; give it with: doorkey profile secret {}\n",
                self.name
            ),
            Some(ClientSecret::Unknown) => {
                "# client secret: the keychain cannot be asked\n".to_owned()
            }
        }
    }
}

impl ClientSecret {
    async fn of(profile: &Profile, doorkey: &Doorkey) -> Option<Self> {
        if !profile.sends_client_secret() {
            return None;
        }
        Some(match doorkey.has_client_secret(profile).await {
            Ok(true) => Self::Kept,
            Ok(false) => Self::Missing,
            Err(_) => Self::Unknown,
        })
    }
}
