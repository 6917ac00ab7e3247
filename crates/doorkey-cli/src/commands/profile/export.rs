//! `doorkey profile export`.

use std::fs::OpenOptions;
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use doorkey_core::{Code, LeftOut, ProfileName};
use serde::Serialize;

use super::left_out;
use crate::context::Context;
use crate::exit::{Exit, Failure, Outcome};

/// Write a profile for somebody else
///
/// The file holds no secret, nothing about you and nothing about this computer. `doorkey profile import` reads it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  doorkey profile export work work.toml
  doorkey profile export work | ssh build doorkey profile import /dev/stdin work")]
pub(super) struct Export {
    /// Its name
    #[arg(value_name = "NAME")]
    name: ProfileName,

    /// The file to write [default: standard output]
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,

    /// Replace the file, if there is one
    #[arg(long, requires = "file")]
    replace: bool,
}

#[derive(Serialize)]
struct Document<'a> {
    profile: &'a str,
    /// None for standard output.
    file: Option<&'a Path>,
    text: &'a str,
    #[serde(serialize_with = "left_out::serialize")]
    left_out: &'a [LeftOut],
}

impl Export {
    pub(super) fn run(&self, context: &Context) -> Outcome {
        let exported = context.profile(&self.name)?.export();
        if let Some(file) = &self.file {
            self.write(file, &exported.text)?;
        }
        let document = Document {
            profile: self.name.as_str(),
            file: self.file.as_deref(),
            text: &exported.text,
            left_out: &exported.left_out,
        };
        context.output.answer(&document, || match &self.file {
            Some(file) => format!("Exported profile {} to {}.", self.name, file.display()),
            None => exported.text.clone(),
        })?;
        if !context.output.is_json() {
            for line in left_out::lines(&exported.left_out) {
                context.output.note(&line);
            }
        }
        Ok(Exit::Done)
    }

    fn write(&self, file: &Path, text: &str) -> Result<(), Failure> {
        let written = self
            .open(file)
            .and_then(|mut open| open.write_all(text.as_bytes()));
        written.map_err(|error| {
            if error.kind() == ErrorKind::AlreadyExists {
                return Failure::usage(
                    format!("There is a file {} already", file.display()),
                    "Choose another name, or replace it with --replace.",
                );
            }
            Failure::new(
                Code::FileError,
                format!("Cannot write {}: {error}", file.display()),
            )
            .with_hint("Check that the folder is there and that you may write to it.")
        })
    }

    fn open(&self, file: &Path) -> io::Result<std::fs::File> {
        let mut options = OpenOptions::new();
        options.write(true);
        if self.replace {
            options.create(true).truncate(true);
        } else {
            options.create_new(true);
        }
        options.open(file)
    }
}
