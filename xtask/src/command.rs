//! Commands: shown before they run, and their failure says what to do.

use std::{
    env, fmt, io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Why the dev loop stopped, and what to do about it.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Says what could not be done to which file or folder.
pub(crate) fn failed(verb: &str, path: &Path) -> impl FnOnce(io::Error) -> Failure {
    move |error| Failure::new(format!("cannot {verb} {}: {error}", path.display()))
}

/// Says what happens next.
pub(crate) fn say(message: impl fmt::Display) {
    println!("\n==> {message}");
}

/// A program with arguments, found on `PATH`.
pub(crate) fn command(program: &str, arguments: &[&str]) -> Command {
    // On Windows, npm is a script that has to be named whole.
    let program = if cfg!(windows) && program == "npm" {
        "npm.cmd"
    } else {
        program
    };
    let mut command = Command::new(program);
    command.args(arguments);
    command
}

/// The cargo that runs this program.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    command(
        &env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()),
        arguments,
    )
}

/// Shows a command and runs it; what it prints goes to the person.
pub(crate) fn execute(mut command: Command) -> Result<(), Failure> {
    println!("    $ {}", line(&command));
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::new(format!(
            "`{}` failed ({status}): see above",
            line(&command)
        ))),
        Err(error) => Err(Failure::new(format!(
            "`{}` did not start: {error}",
            line(&command)
        ))),
    }
}

/// Runs a command without showing it and returns what it prints, if it succeeds.
pub(crate) fn output(mut command: Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether a program is on `PATH`.
pub(crate) fn is_installed(program: &str) -> bool {
    let name = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::var_os("PATH")
        .is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(&name).is_file()))
}

/// The repository's root.
pub(crate) fn repository() -> &'static Path {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest)
}

/// A program of this workspace, built with the same profile as this one and therefore beside it.
pub(crate) fn built(name: &str) -> Result<PathBuf, Failure> {
    let path = env::current_exe()
        .map_err(|error| Failure::new(format!("this program cannot find itself: {error}")))?
        .with_file_name(format!("{name}{}", env::consts::EXE_SUFFIX));
    if path.is_file() {
        Ok(path)
    } else {
        Err(Failure::new(format!("{} was not built", path.display())))
    }
}

/// A command as a person would type it.
pub(crate) fn line(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_stem()
        .unwrap_or(command.get_program());
    let words = [program].into_iter().chain(command.get_args());
    words
        .map(|word| word.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}
