//! `doorkey profile list`.

use clap::Args;
use doorkey_core::{Field, FieldKind, Preset, Profile};
use serde::Serialize;

use crate::context::Context;
use crate::exit::{Exit, Outcome};

/// List the profiles, or what new ones can be made from
#[derive(Debug, Args)]
pub(super) struct List {
    /// List the presets and their fields
    #[arg(long)]
    presets: bool,
}

#[derive(Serialize)]
struct Profiles {
    profiles: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    name: String,
    #[serde(flatten)]
    content: Content,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Content {
    Usable {
        provider: String,
        /// None where the server tells it.
        client_id: Option<String>,
    },
    Broken {
        error: String,
    },
}

#[derive(Serialize)]
struct Presets {
    presets: Vec<PresetEntry>,
}

#[derive(Serialize)]
struct PresetEntry {
    id: &'static str,
    about: &'static str,
    redirect_rule: &'static str,
    checklist: &'static [&'static str],
    caution: &'static str,
    sign_out: SignOutEntry,
    fields: Vec<FieldEntry>,
}

/// What signing out can do at the provider.
#[derive(Serialize)]
struct SignOutEntry {
    revokes: bool,
    ends_session: bool,
}

#[derive(Serialize)]
struct FieldEntry {
    name: String,
    required: bool,
    about: &'static str,
}

impl List {
    pub(super) fn run(&self, context: &Context) -> Outcome {
        if self.presets {
            let presets = Presets {
                presets: Preset::all().iter().copied().map(PresetEntry::of).collect(),
            };
            context.output.answer(&presets, || presets.text())?;
            return Ok(Exit::Done);
        }
        let names = context.profiles().names()?;
        let profiles = names.iter().map(|name| {
            let content = match context.profile(name) {
                Ok(profile) => Content::of(&profile),
                Err(error) => Content::Broken {
                    error: error.message(),
                },
            };
            Entry {
                name: name.to_string(),
                content,
            }
        });
        let profiles = Profiles {
            profiles: profiles.collect(),
        };
        context.output.answer(&profiles, || profiles.text())?;
        Ok(Exit::Done)
    }
}

impl Content {
    fn of(profile: &Profile) -> Self {
        Self::Usable {
            provider: profile.provider_host(),
            client_id: Some(profile.client_id().to_owned()).filter(|id| !id.is_empty()),
        }
    }
}

impl Profiles {
    fn text(&self) -> String {
        let width = self
            .profiles
            .iter()
            .map(|entry| entry.name.len())
            .max()
            .unwrap_or_default();
        let lines = self
            .profiles
            .iter()
            .map(|Entry { name, content }| match content {
                Content::Usable {
                    provider,
                    client_id,
                } => {
                    let client_id = client_id.as_deref().unwrap_or("(the server says)");
                    format!("{name:width$}  {provider}  {client_id}")
                }
                Content::Broken { error } => format!("{name:width$}  cannot be used: {error}"),
            });
        lines.collect::<Vec<_>>().join("\n")
    }
}

impl PresetEntry {
    fn of(preset: Preset) -> Self {
        Self {
            id: preset.id(),
            about: preset.about(),
            redirect_rule: preset.redirect_rule(),
            checklist: preset.checklist(),
            caution: preset.caution(),
            sign_out: SignOutEntry {
                revokes: preset.sign_out().revokes,
                ends_session: preset.sign_out().ends_session,
            },
            fields: preset.fields().map(FieldEntry::of).collect(),
        }
    }
}

impl FieldEntry {
    fn of(field: &'static Field) -> Self {
        Self {
            name: match field.kind {
                FieldKind::Pairs => format!("{}.NAME", field.name),
                _ => field.name.to_owned(),
            },
            required: field.required,
            about: field.about,
        }
    }
}

impl Presets {
    fn text(&self) -> String {
        let mut lines = Vec::new();
        for preset in &self.presets {
            lines.push(format!("{}: {}", preset.id, preset.about));
            lines.extend(preset.checklist.iter().map(|step| format!("  - {step}")));
            lines.push(format!("  Redirect URIs: {}.", preset.redirect_rule));
            if !preset.caution.is_empty() {
                lines.push(format!("  Note: {}", preset.caution));
            }
            for FieldEntry {
                name,
                required,
                about,
            } in &preset.fields
            {
                lines.push(format!(
                    "  {name:30} {about}{}",
                    if *required { " (required)" } else { "" }
                ));
            }
        }
        lines.join("\n")
    }
}
