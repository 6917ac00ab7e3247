//! `doorkey profile add`.

use std::path::PathBuf;

use clap::Args;
use doorkey_core::{Code, DEMO, ProfileName};
use serde::Serialize;

use crate::context::Context;
use crate::exit::{self, Exit, Failure, Outcome};
use crate::presets::Preset;

/// Add a profile
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  doorkey profile add work --preset oidc --set issuer=https://login.example.com \\
      --set client_id=desktop --set scopes=\"openid email\" --set api=https://api.example.com/v1
  doorkey profile list --presets      every field of every preset")]
pub(super) struct Add {
    /// Its name
    #[arg(value_name = "NAME")]
    name: ProfileName,

    /// What it is made from
    #[arg(long)]
    preset: Preset,

    /// A field of the preset; may be repeated
    #[arg(long, value_name = "FIELD=VALUE", value_parser = assignment)]
    set: Vec<(String, String)>,
}

#[derive(Serialize)]
struct Document<'a> {
    profile: &'a str,
    file: PathBuf,
}

impl Add {
    pub(super) fn run(&self, context: &Context) -> Outcome {
        let profiles = context.profiles();
        let file = profiles.path(&self.name);
        if self.name.as_str() == DEMO || file.exists() {
            return Err(Failure::new(
                Code::ProfileExists,
                format!("There is a profile `{}` already", self.name),
            ));
        }
        profiles.save(&self.preset.build(&self.name, &self.set)?)?;
        let document = Document {
            profile: self.name.as_str(),
            file,
        };
        context.output.answer(&document, || {
            format!(
                "Added profile {} in {}.\n{}",
                self.name,
                document.file.display(),
                exit::sign_in(&self.name)
            )
        })?;
        Ok(Exit::Done)
    }
}

fn assignment(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((field, value)) if !field.trim().is_empty() => {
            Ok((field.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err("write it as FIELD=VALUE".to_owned()),
    }
}
