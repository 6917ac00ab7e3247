//! A whole sign-in in the terminal: embedded provider, scripted browser, API call, sign-out.

use std::{
    env, fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

use crate::{
    command::{Failure, built, cargo, execute, line, say},
    keychain, packages,
};

/// The argument with which this program starts itself on a D-Bus session of its own.
pub(crate) const INSIDE: &str = "sign-in-inside-a-private-session";

/// Builds what is needed and signs in, out of the way of the person's own keychain and profiles.
pub(crate) fn sign_in() -> Result<(), Failure> {
    packages::install(&[packages::TERMINAL], None)?;
    say("Building the command line and a scripted browser");
    execute(cargo(&[
        "build",
        "--package",
        "doorkey-cli",
        "--package",
        "doorkey-tests",
        "--bins",
    ]))?;
    if keychain::is_open() {
        return steps();
    }
    say("There is no open keychain here: making one, on a D-Bus session of its own");
    let home = folder()?;
    let itself = env::current_exe()
        .map_err(|error| Failure::new(format!("this program cannot find itself: {error}")))?;
    let mut session = keychain::private_session(home.path());
    session.arg(itself).arg(INSIDE);
    match session.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(Failure::new("the sign-in did not go through: see above")),
        Err(error) => Err(Failure::new(format!(
            "`{}` did not start: {error}",
            line(&session)
        ))),
    }
}

/// The part that runs on the private session.
pub(crate) fn sign_in_inside() -> Result<(), Failure> {
    keychain::open()?;
    steps()
}

fn steps() -> Result<(), Failure> {
    let configuration = folder()?;
    let pages = configuration.path().join("pages.log");
    let doorkey = Doorkey {
        configuration: configuration.path(),
    };

    say("The embedded provider and its API start");
    let _provider = doorkey.demo()?;

    say("Signing in: the scripted browser does what a person would do");
    let mut login = doorkey.command(&["-v", "login", "--profile", "demo"])?;
    login
        .env("BROWSER", built("doorkey-agent")?)
        .env("DOORKEY_AGENT_LOG", &pages);
    execute(login)?;
    println!("    What the browser showed:");
    for page in fs::read_to_string(&pages).unwrap_or_default().lines() {
        println!("      {page}");
    }

    say("Who is signed in");
    execute(doorkey.command(&["status", "--profile", "demo"])?)?;
    say("Calling the protected API");
    execute(doorkey.command(&["api", "GET", "/api/me", "--profile", "demo"])?)?;
    println!();
    say("Signing out");
    execute(doorkey.command(&["logout", "--profile", "demo"])?)?;
    say("Done. With a display, `cargo xtask run` opens the window");
    Ok(())
}

/// The command line, with a folder of its own for its files.
struct Doorkey<'a> {
    configuration: &'a Path,
}

impl Doorkey<'_> {
    fn command(&self, arguments: &[&str]) -> Result<Command, Failure> {
        let mut command = Command::new(built("doorkey")?);
        command
            .args(arguments)
            .env("DOORKEY_CONFIG_DIR", self.configuration);
        Ok(command)
    }

    /// Starts the embedded provider and waits until it says where it is.
    fn demo(&self) -> Result<Ending, Failure> {
        let mut command = self.command(&["demo", "--json", "--port", "0"])?;
        println!("    $ {}", line(&command));
        let stopped =
            |reason: String| Failure::new(format!("the embedded provider did not start: {reason}"));
        let mut provider = Ending(
            command
                .stdout(Stdio::piped())
                .spawn()
                .map_err(|error| stopped(error.to_string()))?,
        );
        let mut ready = String::new();
        if let Some(stdout) = provider.0.stdout.take() {
            let mut stdout = BufReader::new(stdout);
            stdout
                .read_line(&mut ready)
                .map_err(|error| stopped(error.to_string()))?;
            // Kept open to its end: a provider whose output nobody reads might stop.
            std::thread::spawn(move || std::io::copy(&mut stdout, &mut std::io::sink()));
        }
        if ready.is_empty() {
            return Err(stopped("see above".to_owned()));
        }
        println!("{}", ready.trim_end());
        Ok(provider)
    }
}

/// A child process that ends with this value.
struct Ending(Child);

impl Drop for Ending {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn folder() -> Result<TempDir, Failure> {
    let folder = tempfile::Builder::new().prefix("doorkey-run-").tempdir();
    folder.map_err(|error| Failure::new(format!("no folder for temporary files: {error}")))
}
