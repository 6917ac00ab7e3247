//! Starting a browser and letting it go.

use std::process::{Command, Stdio};

use super::host_environment::restore;

/// The words of a command with the address in them as exactly one argument: in place of `%s`, or at the end.
pub(super) fn with_address(words: &[String], url: &str) -> Vec<String> {
    let (program, arguments) = words
        .split_first()
        .map_or((None, words), |(program, rest)| {
            (Some(program.clone()), rest)
        });
    let is_placed = arguments.iter().any(|word| word.contains("%s"));
    let arguments = arguments.iter().map(|word| word.replace("%s", url));
    let last = (!is_placed).then(|| url.to_owned());
    program.into_iter().chain(arguments).chain(last).collect()
}

/// Starts a program with its arguments, as a command that is made for the program. No shell is involved, and nobody
/// waits for it.
pub(super) fn start(
    words: Vec<String>,
    command: impl FnOnce(String) -> Command,
) -> std::io::Result<()> {
    let mut words = words.into_iter();
    let mut command = command(words.next().unwrap_or_default());
    command.args(words);
    let_go(command)
}

/// Starts a command with the environment of the system, and lets it go.
pub(super) fn let_go(mut command: Command) -> std::io::Result<()> {
    restore(&mut command);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    #[cfg(unix)]
    // Ctrl-C in the terminal ends the sign-in, not the browser.
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn()?;
    // Somebody must take note of its end, or it stays as a zombie.
    std::thread::Builder::new()
        .name("browser".to_owned())
        .spawn(move || drop(child.wait()))?;
    Ok(())
}
