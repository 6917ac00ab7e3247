//! `doorkey-idp`: the embedded provider on its own.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command talks to its terminal"
)]

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::Parser;
use doorkey_idp::{Config, DEMO_CLIENT_ID, Running, start};
use serde::Serialize;

/// An identity provider, broker, upstream and protected API on this computer,
/// for trying and testing sign-in. Not for production: run Keycloak, Auth0, Okta,
/// Microsoft Entra ID or another provider that somebody keeps safe.
#[derive(Parser)]
#[command(version)]
struct Arguments {
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
        one_line(&running)
    } else {
        Ok(in_words(&running))
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

fn one_line(running: &Running) -> serde_json::Result<String> {
    serde_json::to_string(&Ready {
        issuer: running.issuer(),
        api: running.api(),
        upstream: running.upstream(),
        client_id: DEMO_CLIENT_ID,
    })
}

fn in_words(running: &Running) -> String {
    format!(
        "\
For trying and testing. In production run Keycloak, Auth0, Okta, Microsoft
Entra ID or another provider that somebody keeps safe.

  issuer     {issuer}
  client id  {DEMO_CLIENT_ID}
  redirect   http://127.0.0.1:<any port>/callback
  API        {api}
  upstream   {upstream}

Names: ada, grace, linus. Everybody has the password demo.
Ctrl-C stops it.",
        issuer = running.issuer(),
        api = running.api(),
        upstream = running.upstream(),
    )
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
