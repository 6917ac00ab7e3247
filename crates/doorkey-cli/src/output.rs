//! What is printed: the answer on standard output, everything else on standard error.

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};

use doorkey_core::Code;
use serde::Serialize;

use crate::exit::{Exit, Failure, Outcome};
use crate::inert;

/// Prints. One answer goes to standard output, as text or as one JSON object.
#[derive(Debug)]
pub(crate) struct Output {
    json: bool,
    /// Whether the last line of the terminal shows how far something is.
    progress: Mutex<bool>,
}

impl Output {
    /// Prints answers as JSON or as text.
    pub(crate) fn new(json: bool) -> Arc<Self> {
        Arc::new(Self {
            json,
            progress: Mutex::new(false),
        })
    }

    /// Whether answers are JSON.
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// Prints the answer: this document, or this text.
    ///
    /// # Errors
    /// When standard output cannot be written to. A reader that has gone away has seen enough.
    pub(crate) fn answer(
        &self,
        document: &impl Serialize,
        text: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        if !self.json {
            let text = text();
            return self.bytes(
                format!("{}\n", inert::for_terminal(text.trim_end_matches('\n'))).as_bytes(),
            );
        }
        let document = serde_json::to_string(document).map_err(|error| {
            Failure::new(
                Code::Internal,
                format!("The answer cannot be written as JSON: {error}"),
            )
        })?;
        self.bytes(format!("{}\n", inert::for_json(&document)).as_bytes())
    }

    /// Prints bytes as they are.
    ///
    /// # Errors
    /// As [`Output::answer`].
    pub(crate) fn bytes(&self, bytes: &[u8]) -> Result<(), Failure> {
        self.clear_progress();
        let mut stdout = io::stdout().lock();
        match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::new(
                Code::FileError,
                format!("Cannot write to standard output: {error}"),
            )
            .with_hint("Check where the output goes and whether there is space left.")),
            _ => Ok(()),
        }
    }

    /// Says something to the person.
    pub(crate) fn note(&self, text: &str) {
        let mut shown = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        let clear = if std::mem::take(&mut *shown) {
            CLEAR
        } else {
            ""
        };
        to_stderr(&format!("{clear}{}\n", inert::for_terminal(text)));
    }

    /// Shows a picture made of characters, as it is: nothing of it is text of others.
    pub(crate) fn picture(&self, drawn: &str) {
        self.clear_progress();
        to_stderr(drawn);
    }

    /// Shows on the terminal's last line how far something is.
    pub(crate) fn show_progress(&self, text: &str) {
        let mut shown = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        *shown = true;
        to_stderr(&format!("{CLEAR}{}", inert::for_line(text)));
    }

    /// Leaves the terminal's last line as it was.
    pub(crate) fn clear_progress(&self) {
        let mut shown = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        if std::mem::take(&mut *shown) {
            to_stderr(CLEAR);
        }
    }

    /// Tells a failure and returns the exit code.
    pub(crate) fn finish(&self, outcome: Outcome) -> Exit {
        self.clear_progress();
        match outcome {
            Ok(exit) => exit,
            Err(failure) => {
                self.tell(&failure);
                failure.exit
            }
        }
    }

    fn tell(&self, failure: &Failure) {
        if self.json {
            let error = Told {
                code: failure.code,
                message: &failure.message,
                hint: &failure.hint,
            };
            // If not even this can be written, the exit code still says it.
            drop(self.answer(&Document { error }, String::new));
        } else {
            self.complain(failure);
        }
    }

    /// Says on standard error what went wrong, when standard output has the answer already.
    pub(crate) fn complain(&self, failure: &Failure) {
        self.note(&format!("error: {}", failure.message));
        if !failure.hint.is_empty() {
            self.note(&format!("hint: {}", failure.hint));
        }
    }
}

/// Whether progress can be shown, and text must not be obeyed.
pub(crate) fn stderr_is_terminal() -> bool {
    io::stderr().is_terminal()
}

/// Whether a person sees the answer, and not a program.
pub(crate) fn stdout_is_terminal() -> bool {
    io::stdout().is_terminal()
}

#[derive(Serialize)]
struct Document<'a> {
    error: Told<'a>,
}

#[derive(Serialize)]
struct Told<'a> {
    code: &'a str,
    message: &'a str,
    hint: &'a str,
}

/// Back to the first column, and everything after it gone.
const CLEAR: &str = "\r\u{1b}[K";

fn to_stderr(text: &str) {
    // In one piece, so that lines of two threads do not mix. Where nobody listens, nobody is told.
    drop(io::stderr().lock().write_all(text.as_bytes()));
}
