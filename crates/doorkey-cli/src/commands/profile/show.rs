//! `doorkey profile show`.

use std::path::PathBuf;

use clap::Args;
use doorkey_core::ProfileName;
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
    client_id: &'a str,
    scopes: &'a [String],
    redirect_uri: String,
    api: Vec<&'a str>,
    /// As written, without what is default.
    settings: toml::Table,
}

impl Show {
    pub(super) fn run(&self, context: &Context) -> Outcome {
        let profile = context.profile(&self.name)?;
        let text = profile.to_toml();
        let file = Some(context.profiles().path(&self.name)).filter(|path| path.exists());
        let document = Document {
            name: self.name.as_str(),
            issuer: profile.issuer().map(|issuer| issuer.as_str()),
            client_id: profile.client_id(),
            scopes: profile.scopes(),
            redirect_uri: profile.redirect_uri().to_string(),
            api: profile.api().iter().map(url::Url::as_str).collect(),
            settings: text.parse().unwrap_or_default(),
            file: file.clone(),
        };
        context.output.answer(&document, || match &file {
            Some(path) => format!("# {}\n{text}", path.display()),
            None => format!("# built in\n{text}"),
        })?;
        Ok(Exit::Done)
    }
}
