//! `doorkey token`: a fresh token, alone on standard output.

use std::time::Duration;

use clap::Args;
use doorkey_core::{Code, Session};
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
  doorkey token --profile work --min-ttl 600
  doorkey token --profile cluster --exec-credential")]
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

    /// Print it as kubectl wants it from a credential plugin: an ExecCredential of client.authentication.k8s.io/v1
    #[arg(long, conflicts_with = "id_token")]
    exec_credential: bool,
}

#[derive(Serialize)]
struct Document<'a> {
    token: &'a str,
    expires_at: Option<String>,
    token_type: &'static str,
}

/// What `kubectl` reads
/// ([Kubernetes, client-go credential plugins](https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins)).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExecCredential<'a> {
    api_version: &'static str,
    kind: &'static str,
    status: ExecCredentialStatus<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExecCredentialStatus<'a> {
    token: &'a str,
    /// Without it the token is kept until the server refuses it.
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration_timestamp: Option<String>,
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
        let expires_at = expires_at.and_then(when::rfc3339);
        if self.exec_credential {
            return print_exec_credential(context, token.expose(), expires_at);
        }
        print(context, token.expose(), "Bearer", expires_at)
    }

    /// Providers renew the ID token together with the access token, if they do.
    async fn id_token(&self, session: &Session) -> doorkey_core::Result<doorkey_core::IdToken> {
        session
            .access_token(Duration::from_secs(self.min_ttl))
            .await?;
        session.id_token().await
    }
}

/// The same with and without `--json`: it is one JSON object either way.
fn print_exec_credential(
    context: &Context,
    token: &str,
    expiration_timestamp: Option<String>,
) -> Outcome {
    let credential = ExecCredential {
        api_version: "client.authentication.k8s.io/v1",
        kind: "ExecCredential",
        status: ExecCredentialStatus {
            token,
            expiration_timestamp,
        },
    };
    let json = serde_json::to_string(&credential).map_err(|error| {
        Failure::new(
            Code::Internal,
            format!("The answer cannot be written as JSON: {error}"),
        )
    })?;
    context.output.bytes(format!("{json}\n").as_bytes())?;
    Ok(Exit::Done)
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
