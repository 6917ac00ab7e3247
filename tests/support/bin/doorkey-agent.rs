//! A scripted browser, to be named in `$BROWSER`: `doorkey-agent URL` signs Ada in at a test provider.
//!
//! Like a browser it returns at once and goes on by itself; with `--foreground` it stays, prints
//! each page's title, and exits 1 if the answer did not arrive. `DOORKEY_AGENT_USER`,
//! `DOORKEY_AGENT_PASSWORD`, `DOORKEY_AGENT_DENY=1` and `DOORKEY_AGENT_UNTICK=VALUES` change what it does, and
//! `DOORKEY_AGENT_LOG=FILE` takes what it prints when nobody sees it. Where the web ends, at an address with a scheme
//! of another program, `DOORKEY_AGENT_OPENER=PROGRAM` is run with it, as a browser runs `xdg-open`.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command prints"
)]

use std::{
    env,
    fs::OpenOptions,
    io,
    os::unix::process::CommandExt,
    process::{Command, ExitCode, Stdio},
};

use doorkey_tests::agent::{Person, walk_and_tell};
use url::Url;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (foreground, url) = match arguments.as_slice() {
        [option, url] if option == "--foreground" => (true, url),
        [url] => (false, url),
        _ => return usage("expected one URL"),
    };
    let Ok(url) = Url::parse(url) else {
        return usage("that is not a URL");
    };
    if !foreground {
        return match detach(&url) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => usage(&format!("cannot start in the background: {error}")),
        };
    }
    match walk_here(url) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("doorkey-agent: {error}");
            ExitCode::FAILURE
        }
    }
}

fn walk_here(url: Url) -> Result<bool, Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let person = Person::from_environment();
    let walk = walk_and_tell(url, &person, |page| {
        println!("{}  ({})", page.title, page.place)
    });
    let arrival = runtime.block_on(walk)?;
    if arrival.status.is_none() {
        return hand_over(&arrival.url);
    }
    Ok(arrival.is_welcome())
}

/// Gives an address to the program that opens such addresses. Without one, nobody has taken it.
fn hand_over(url: &Url) -> Result<bool, Box<dyn std::error::Error>> {
    println!("left the web for {}:{}", url.scheme(), url.path());
    let Some(opener) = env::var_os("DOORKEY_AGENT_OPENER") else {
        return Ok(false);
    };
    let status = Command::new(opener).arg(url.as_str()).status()?;
    Ok(status.success())
}

/// Starts this program again, with nothing of the caller's open, and does not wait for it.
fn detach(url: &Url) -> io::Result<()> {
    let mut command = Command::new(env::current_exe()?);
    command
        .args(["--foreground", url.as_str()])
        .stdin(Stdio::null())
        .process_group(0);
    match env::var_os("DOORKEY_AGENT_LOG") {
        Some(path) => {
            let log = OpenOptions::new().create(true).append(true).open(path)?;
            command.stdout(log.try_clone()?).stderr(log);
        }
        None => {
            command.stdout(Stdio::null()).stderr(Stdio::null());
        }
    }
    command.spawn().map(drop)
}

fn usage(problem: &str) -> ExitCode {
    eprintln!("doorkey-agent: {problem}\nusage: doorkey-agent [--foreground] URL");
    ExitCode::from(2)
}
