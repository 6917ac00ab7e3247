//! `doorkey token`: a fresh token, alone on standard output.

use std::time::Duration;

use clap::Args;
use doorkey_core::Session;
use serde::Serialize;

use crate::arguments::ProfileOption;
use crate::context::Context;
use crate::exit::{Exit, Failure, Outcome};
use crate::{interrupt, when};

/// Print a fresh access token
///
/// However many processes ask at once, an expired token is renewed once.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  curl -H \"Authorization: Bearer $(doorkey token)\" http://127.0.0.1:4181/api/me
  doorkey token --profile work --min-ttl 600")]
pub(crate) struct Token {
    #[command(flatten)]
    profile: ProfileOption,

    /// Renew a token that lives shorter than this
    #[arg(
        long,
        value_name = "SECS",
        default_value_t = 0,
        hide_default_value = true
    )]
    min_ttl: u64,

    /// Print the ID token instead, as the provider issued it last
    #[arg(long)]
    id_token: bool,
}

#[derive(Serialize)]
struct Document<'a> {
    token: &'a str,
    expires_at: Option<String>,
    token_type: &'static str,
}

impl Token {
    pub(super) async fn run(self, context: &Context) -> Outcome {
        let profile = context.profile(&self.profile.profile)?;
        let engine = context.engine();
        let session = engine.session(&profile).await?;
        let refreshing = engine.refreshing.clone();
        let name = profile.name();
        if self.id_token {
            let work = async {
                self.id_token(&session)
                    .await
                    .map_err(|error| Failure::of_session(error, name))
            };
            let token = interrupt::unless_asked(work, refreshing, &context.output).await?;
            return print(context, token.expose(), "id_token", None);
        }
        let valid_for = Duration::from_secs(self.min_ttl);
        let work = async {
            session
                .access_token(valid_for)
                .await
                .map_err(|error| Failure::of_session(error, name))
        };
        let token = interrupt::unless_asked(work, refreshing, &context.output).await?;
        let expires_at = session.info().expires_at;
        if let Some(left) = expires_at.and_then(when::left)
            && left < valid_for
        {
            context.output.note(&format!(
                "note: this provider's tokens live shorter than that; this one for {}",
                when::span(left)
            ));
        }
        print(
            context,
            token.expose(),
            "Bearer",
            expires_at.and_then(when::rfc3339),
        )
    }

    /// Providers renew the ID token together with the access token, if they do.
    async fn id_token(&self, session: &Session) -> doorkey_core::Result<doorkey_core::IdToken> {
        session
            .access_token(Duration::from_secs(self.min_ttl))
            .await?;
        session.id_token().await
    }
}

fn print(
    context: &Context,
    token: &str,
    token_type: &'static str,
    expires_at: Option<String>,
) -> Outcome {
    if context.output.is_json() {
        context.output.answer(
            &Document {
                token,
                expires_at,
                token_type,
            },
            String::new,
        )?;
    } else {
        context.output.bytes(format!("{token}\n").as_bytes())?;
    }
    Ok(Exit::Done)
}
