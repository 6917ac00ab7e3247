//! `doorkey login`, from process start to its exit with tokens, beside those who do the same.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use doorkey_bench::bare::{self, Attempt};
use doorkey_idp::DEMO_CLIENT_ID;
use doorkey_tests::{Error as Part, program};

use super::Effort;
use crate::error::{Result, unexpected};
use crate::report::Line;
use crate::sample::Sample;
use crate::surroundings::{PEERS_CLIENT_ID, PROFILE, Surroundings, beside, time};

const WORK: &str = "`doorkey login`";
const REST: &str = "`doorkey login` without the browser's walk";
const FLOOR: &str = "bare Rust client";
const NODE: &str = "openid-client (Node)";
const PYTHON: &str = "msal (Python)";

#[derive(Default)]
struct Times {
    doorkey: Sample,
    bare: Sample,
    node: Sample,
    python: Sample,
    walk: Sample,
}

pub(crate) async fn measure(effort: Effort) -> Result<Vec<Line>> {
    let surroundings = Surroundings::prepare().await?;
    let python = python().await?;
    let mut times = Times::default();
    // The first of each is not counted: the person has not consented yet, and nothing is in the disk's cache.
    for round in 0..=effort.logins {
        let mut first = Times::default();
        let times = if round == 0 { &mut first } else { &mut times };
        times
            .bare
            .push_time(time(bare_login(&surroundings)?).await?);
        times
            .doorkey
            .push_time(time(doorkey(&surroundings)?).await?);
        times.walk.push_time(walk(&surroundings).await?);
        times
            .node
            .push_time(time(openid_client(&surroundings)?).await?);
        times
            .python
            .push_time(time(msal(&surroundings, &python)?).await?);
    }
    Ok(lines(&times))
}

fn lines(times: &Times) -> Vec<Line> {
    let rounds = times.doorkey.len();
    let [doorkey, bare, node, python, walk] = [
        &times.doorkey,
        &times.bare,
        &times.node,
        &times.python,
        &times.walk,
    ]
    .map(Sample::median);
    vec![
        Line::above_floor(WORK, doorkey, FLOOR, bare, rounds).at_most(1.3),
        Line::before_peer(WORK, doorkey, NODE, node, rounds).at_least(8.0),
        Line::before_peer(WORK, doorkey, PYTHON, python, rounds).at_least(8.0),
        Line::alone(
            "the browser's walk, which all of them wait for",
            walk,
            rounds,
        ),
        Line::above_floor(REST, doorkey - walk, FLOOR, bare - walk, rounds),
        Line::before_peer(REST, doorkey - walk, NODE, node - walk, rounds),
        Line::before_peer(REST, doorkey - walk, PYTHON, python - walk, rounds),
    ]
}

fn doorkey(surroundings: &Surroundings) -> Result<Command> {
    let mut command = surroundings.command(program::doorkey()?)?;
    command.args(["login", "--profile", PROFILE]);
    Ok(command)
}

fn bare_login(surroundings: &Surroundings) -> Result<Command> {
    let mut command = surroundings.command(beside("bare-login")?)?;
    command.args([surroundings.provider.issuer(), DEMO_CLIENT_ID]);
    Ok(command)
}

fn openid_client(surroundings: &Surroundings) -> Result<Command> {
    let peers = peers();
    if !peers.join("node_modules/openid-client").is_dir() {
        return Err(missing("npm package openid-client"));
    }
    let mut command = surroundings.command("node")?;
    command
        .arg(peers.join("openid_client.mjs"))
        .args([surroundings.provider.issuer(), PEERS_CLIENT_ID]);
    Ok(command)
}

fn msal(surroundings: &Surroundings, python: &str) -> Result<Command> {
    let packages = program::repository().join("target/bench-python");
    if !packages.join("msal").is_dir() {
        return Err(missing("Python package msal"));
    }
    let mut command = surroundings.command(python)?;
    command
        .arg(peers().join("msal_login.py"))
        .args([surroundings.provider.issuer(), PEERS_CLIENT_ID]);
    command.env("PYTHONPATH", packages);
    Ok(command)
}

/// The interpreter itself: what is on `PATH` may be a script that looks for one.
async fn python() -> Result<String> {
    let asked = tokio::task::spawn_blocking(|| {
        Command::new("python3")
            .args(["-c", "import sys; print(sys.executable)"])
            .output()
    });
    let path = String::from_utf8_lossy(&asked.await??.stdout)
        .trim()
        .to_owned();
    if path.is_empty() {
        Err(unexpected("python3 does not say where it is"))
    } else {
        Ok(path)
    }
}

/// From the moment the browser is started to the moment its answer arrives: nobody's client is in between.
async fn walk(surroundings: &Surroundings) -> Result<Duration> {
    let http = reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .build()?;
    let metadata = bare::discover(&http, surroundings.provider.issuer()).await?;
    let attempt = Attempt::begin(&metadata, DEMO_CLIENT_ID).await?;
    let mut browser = surroundings.command(program::agent()?)?;
    browser
        .arg(attempt.url().as_str())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let started = Instant::now();
    let mut child = browser.spawn()?;
    attempt.code().await?;
    let elapsed = started.elapsed();
    tokio::task::spawn_blocking(move || child.wait()).await??;
    Ok(elapsed)
}

fn peers() -> PathBuf {
    program::repository().join("tests/bench/peers")
}

fn missing(what: &str) -> crate::error::Error {
    Part::Missing {
        what: what.to_owned(),
        fix: "run `cargo xtask bench`, which installs it".to_owned(),
    }
    .into()
}
