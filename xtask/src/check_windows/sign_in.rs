//! A sign-in at the embedded provider, all of it in the Windows of wine, but for the browser that answers.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use super::wine::Wine;
use crate::{
    check_toolchain::Toolchain,
    command::{Failure, built, cargo, execute, failed, line, say},
};

/// How many programs renew one session at once.
const AT_ONCE: usize = 6;

/// The browser gets the whole address, the credential manager keeps the session, and programs wait for each other.
pub(super) fn check(toolchain: &Toolchain, wine: &Wine) -> Result<(), Failure> {
    say("A scripted browser, for this system");
    execute(cargo(&[
        "build",
        "--package",
        "doorkey-tests",
        "--bin",
        "doorkey-agent",
    ]))?;
    let folder = toolchain.folder().join("sign-in");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(failed("remove", &folder))?;
    }
    fs::create_dir_all(&folder).map_err(failed("make", &folder))?;
    let doorkey = Doorkey {
        wine,
        program: toolchain.programs().join("doorkey.exe"),
        folder,
    };

    say("The embedded provider starts");
    let _provider = doorkey.provider()?;
    say("The system's browser gets the address whole");
    doorkey.address_arrives()?;
    say("Signing in, and asking for the token from many programs at once");
    doorkey.session()
}

struct Doorkey<'a> {
    wine: &'a Wine,
    program: PathBuf,
    folder: PathBuf,
}

impl Doorkey<'_> {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self
            .wine
            .command(&self.program.to_string_lossy(), arguments);
        command.env(
            "DOORKEY_CONFIG_DIR",
            on_windows(&self.folder.join("config")),
        );
        command
    }

    fn run(&self, arguments: &[&str]) -> Result<(), Failure> {
        execute(self.command(arguments))
    }

    /// Starts the provider and waits until it says where it is.
    fn provider(&self) -> Result<Ending, Failure> {
        let mut demo = self.command(&["demo", "--json", "--port", "0"]);
        println!("    $ {}", line(&demo));
        let stopped = |error| Failure::new(format!("the provider did not start: {error}"));
        let child = demo.stdout(Stdio::piped()).spawn().map_err(stopped)?;
        let mut provider = Ending(child);
        let mut ready = String::new();
        if let Some(stdout) = provider.0.stdout.take() {
            BufReader::new(stdout)
                .read_line(&mut ready)
                .map_err(stopped)?;
        }
        println!("    {}", ready.trim_end());
        if ready.contains("issuer") {
            Ok(provider)
        } else {
            Err(Failure::new("the provider did not start: see above"))
        }
    }

    /// The system itself opens the address, with the program that the registry names.
    fn address_arrives(&self) -> Result<(), Failure> {
        let browser = self.folder.join("browser.exe");
        let source = include_str!("stand_ins/browser.c");
        self.wine.compile(source, &browser, &[])?;
        // Wine looks for what the whole computer opens addresses with, and not for a person's own choice.
        let open = r"HKLM\Software\Classes\http\shell\open\command";
        let command = format!("\"{}\" \"%1\"", on_windows(&browser));
        let set = ["add", open, "/ve", "/t", "REG_SZ", "/d", &command, "/f"];
        execute(self.wine.command("reg", &set))?;
        let received = self.folder.join("received");
        let mut login = self.command(&["login", "--timeout", "5"]);
        login
            .env("DOORKEY_CHECK_BROWSER", on_windows(&received))
            .env_remove("BROWSER");
        println!("    $ {}", line(&login));
        let output = login
            .output()
            .map_err(|error| Failure::new(error.to_string()))?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let address = said.lines().find_map(|line| line.strip_prefix("open: "));
        let address = address
            .ok_or_else(|| Failure::new(format!("no address: {said}")))?
            .trim();
        let received = fs::read_to_string(&received).map_err(failed("read", &received))?;
        println!("    {}", received.trim_end());
        if address.contains('&') && address.contains('%') && received.trim_end() == address {
            Ok(())
        } else {
            Err(Failure::new(format!("the browser did not get {address}")))
        }
    }

    fn session(&self) -> Result<(), Failure> {
        let mut login = self.command(&["login"]);
        // Wine starts it, although it is no program of Windows.
        login.env("BROWSER", on_windows(&built("doorkey-agent")?));
        execute(login)?;
        self.run(&["status"])?;
        self.run(&["api", "GET", "/api/me"])?;
        // Longer than any token of the provider lives: each of them has to renew it, or to find that another has.
        let token = || {
            self.command(&["token", "--min-ttl", "86400"])
                .stdout(Stdio::null())
                .spawn()
        };
        let started: Result<Vec<_>, _> = (0..AT_ONCE).map(|_| token()).collect();
        let started = started.map_err(|error| Failure::new(error.to_string()))?;
        println!("    $ doorkey token --min-ttl 86400, {AT_ONCE} times at once");
        for mut child in started {
            let status = child
                .wait()
                .map_err(|error| Failure::new(error.to_string()))?;
            if !status.success() {
                return Err(Failure::new(format!(
                    "one of them failed ({status}): see above"
                )));
            }
        }
        self.run(&["status"])?;
        self.run(&["doctor"])?;
        self.run(&["logout"])
    }
}

/// A path of this system as wine calls it.
fn on_windows(path: &Path) -> String {
    format!("Z:{}", path.to_string_lossy().replace('/', "\\"))
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
