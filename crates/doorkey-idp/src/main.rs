//! `doorkey-idp`: the embedded provider on its own.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command talks to its terminal"
)]

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::{
    Parser,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};
use doorkey_idp::{Config, Personality, Running, start};
use serde::Serialize;

/// An identity provider, broker, upstream and protected API on this computer,
/// for trying and testing sign-in. Not for production: run Keycloak, Auth0, Okta,
/// Microsoft Entra ID or another provider that somebody keeps safe.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Behave as another provider does.
    #[arg(long = "as", value_name = "PERSONALITY", default_value = "oidc", value_parser = personality_parser())]
    personality: &'static Personality,

    /// Port of the broker; the API takes the next one, the upstream the one
    /// after that. 0 takes any free ports.
    #[arg(long, value_name = "N", default_value_t = Config::DEFAULT_PORT)]
    port: u16,

    /// SQLite file that keeps users, grants and keys, so that a restart signs
    /// nobody out. Without it everything is forgotten at the end.
    #[arg(long, value_name = "FILE")]
    database: Option<PathBuf>,

    /// Print one line of JSON once everything listens.
    #[arg(long)]
    json: bool,

    /// How long an access token is good for.
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    access_token_lifetime: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .init();
    let arguments = Arguments::parse();
    let config = Config {
        port: arguments.port,
        database: arguments.database,
        access_token_lifetime: Duration::from_secs(arguments.access_token_lifetime),
        personality: arguments.personality.clone(),
        ..Config::default()
    };
    let running = match start(config).await {
        Ok(running) => running,
        Err(error) => {
            eprintln!("doorkey-idp: {error}");
            return ExitCode::FAILURE;
        }
    };
    let ready = if arguments.json {
        one_line(&running, arguments.personality)
    } else {
        Ok(in_words(&running, arguments.personality))
    };
    match ready {
        Ok(ready) => println!("{ready}"),
        Err(error) => {
            eprintln!("doorkey-idp: {error}");
            return ExitCode::FAILURE;
        }
    }
    if let Err(error) = asked_to_stop().await {
        eprintln!("doorkey-idp: cannot wait for signals: {error}");
        return ExitCode::FAILURE;
    }
    running.shutdown().await;
    ExitCode::SUCCESS
}

/// What a script needs to know, in one line.
#[derive(Serialize)]
struct Ready<'a> {
    issuer: &'a str,
    api: &'a str,
    upstream: &'a str,
    client_id: &'a str,
}

fn one_line(running: &Running, personality: &Personality) -> serde_json::Result<String> {
    serde_json::to_string(&Ready {
        issuer: running.issuer(),
        api: running.api(),
        upstream: running.upstream(),
        client_id: personality.client.client_id,
    })
}

fn in_words(running: &Running, personality: &Personality) -> String {
    let client = &personality.client;
    let secret = client
        .client_secret
        .map(|secret| format!("  secret     {secret}\n"));
    format!(
        "\
For trying and testing. In production run Keycloak, Auth0, Okta, Microsoft
Entra ID or another provider that somebody keeps safe.

  plays      {title}
  issuer     {issuer}
  client id  {client_id}
{secret}  redirect   {redirect_uris}
  API        {api}
  upstream   {upstream}

Names: ada, grace, linus. Everybody has the password demo.
Ctrl-C stops it.",
        title = personality.title,
        issuer = running.issuer(),
        client_id = client.client_id,
        secret = secret.unwrap_or_default(),
        redirect_uris = client.redirect_uris.join("\n             "),
        api = running.api(),
        upstream = running.upstream(),
    )
}

/// Takes the id of a personality; help lists them with whom they play.
fn personality_parser() -> impl TypedValueParser<Value = &'static Personality> {
    let personalities = Personality::all().map(|one| PossibleValue::new(one.id).help(one.title));
    PossibleValuesParser::new(personalities)
        .try_map(|id| Personality::named(&id).ok_or_else(|| format!("nobody is called {id}")))
}

#[cfg(unix)]
async fn asked_to_stop() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => pressed,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn asked_to_stop() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
