//! `doorkey completions`: what a shell completes, from the definition of the commands themselves.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;
use serde::Serialize;

use crate::arguments::Arguments;
use crate::exit::{Exit, Outcome};
use crate::output::Output;

/// Print a script that completes commands in a shell
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  doorkey completions bash > ~/.local/share/bash-completion/completions/doorkey
  doorkey completions zsh > ~/.zfunc/_doorkey
  doorkey completions fish > ~/.config/fish/completions/doorkey.fish")]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

#[derive(Serialize)]
struct Document<'a> {
    shell: String,
    script: &'a str,
}

impl Completions {
    pub(super) fn run(self, output: &Output) -> Outcome {
        let mut script = Vec::new();
        clap_complete::generate(
            self.shell,
            &mut Arguments::command(),
            "doorkey",
            &mut script,
        );
        let script = String::from_utf8_lossy(&script);
        if output.is_json() {
            let document = Document {
                shell: self.shell.to_string(),
                script: &script,
            };
            output.answer(&document, String::new)?;
        } else {
            output.bytes(script.as_bytes())?;
        }
        Ok(Exit::Done)
    }
}
