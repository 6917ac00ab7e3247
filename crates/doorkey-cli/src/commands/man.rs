//! `doorkey man`: the manual, from the definition of the commands themselves.

use clap::{Args, CommandFactory as _};
use clap_mangen::Man as Page;
use doorkey_core::Code;
use serde::Serialize;

use crate::arguments::Arguments;
use crate::exit::{Exit, Failure, Outcome};
use crate::output::Output;

/// Print a page of the manual, in roff
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  doorkey man > ~/.local/share/man/man1/doorkey.1
  doorkey man login > ~/.local/share/man/man1/doorkey-login.1")]
pub(crate) struct Man {
    /// The command that the page is about [default: all of them, in short]
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

#[derive(Serialize)]
struct Document<'a> {
    name: &'a str,
    page: &'a str,
}

impl Man {
    pub(super) fn run(self, output: &Output) -> Outcome {
        let mut all = Arguments::command();
        // Gives each command what all of them share.
        all.build();
        let command = match &self.command {
            None => all,
            Some(name) => all.find_subcommand(name).cloned().ok_or_else(|| {
                Failure::usage(
                    format!("There is no command {name:?}"),
                    "See: doorkey --help",
                )
            })?,
        };
        let name = command.get_display_name().unwrap_or("doorkey").to_owned();
        let mut page = Vec::new();
        Page::new(command).render(&mut page).map_err(|error| {
            Failure::new(
                Code::Internal,
                format!("The page cannot be written: {error}"),
            )
        })?;
        let page = String::from_utf8_lossy(&page);
        if output.is_json() {
            let document = Document {
                name: &name,
                page: &page,
            };
            output.answer(&document, String::new)?;
        } else {
            output.bytes(page.as_bytes())?;
        }
        Ok(Exit::Done)
    }
}
