//! A child process that cannot outlive its test.

use std::{
    fmt::Write as _,
    io::{BufRead, BufReader, Read},
    os::unix::process::{CommandExt, ExitStatusExt},
    process::{Child, ChildStdin, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, PoisonError, mpsc as blocking},
    thread,
    time::Duration,
};

use rustix::{
    io::Errno,
    process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid},
};
use tokio::{
    net::TcpStream,
    sync::{mpsc, watch},
    time::timeout,
};

use crate::{Error, Result};

/// How long a part may take to become ready, on a machine that is busy with other things.
pub const READY: Duration = Duration::from_secs(30);

/// A child process in a process group of its own. Dropping it ends the whole group.
///
/// Its output is read as it comes: nothing blocks on a full pipe, tests wait for a line with
/// [`Running::line`], and an error shows all that was said.
pub struct Running {
    name: String,
    child: Child,
    lines: mpsc::UnboundedReceiver<String>,
    output: Arc<Mutex<Output>>,
    ended: watch::Receiver<Option<ExitStatus>>,
    gone: blocking::Receiver<()>,
}

#[derive(Default)]
struct Output {
    stdout: String,
    stderr: String,
}

impl Running {
    /// Starts a command. Its standard input is a pipe that closes when this value is dropped.
    ///
    /// # Errors
    ///
    /// If the program does not start.
    pub fn start(name: impl Into<String>, mut command: Command) -> Result<Self> {
        let name = name.into();
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .map_err(|error| missing_or_io(&command, error))?;
        let output = Arc::new(Mutex::new(Output::default()));
        let (sender, lines) = mpsc::unbounded_channel();
        let readers = [
            child.stdout.take().map(|pipe| {
                read(pipe, sender.clone(), output.clone(), |output| {
                    &mut output.stdout
                })
            }),
            child
                .stderr
                .take()
                .map(|pipe| read(pipe, sender, output.clone(), |output| &mut output.stderr)),
        ];
        let (ended, gone) = watch_end(pid(&child), readers);
        Ok(Self {
            name,
            child,
            lines,
            output,
            ended,
            gone,
        })
    }

    /// The process's id, which is also its group's.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The pipe to its standard input, once. Dropping the pipe is end of file for the child.
    pub fn stdin(&mut self) -> Option<ChildStdin> {
        self.child.stdin.take()
    }

    /// Waits for a line, of output or errors, of which `pick` makes something, and returns that.
    /// Lines before it are passed over; lines after it wait for the next call.
    ///
    /// # Errors
    ///
    /// If no such line comes in time, or the child closes its output first.
    pub async fn line<T>(
        &mut self,
        awaited: &str,
        deadline: Duration,
        mut pick: impl FnMut(&str) -> Option<T>,
    ) -> Result<T> {
        let search = async {
            while let Some(line) = self.lines.recv().await {
                if let Some(found) = pick(&line) {
                    return Some(found);
                }
            }
            None
        };
        match timeout(deadline, search).await {
            Ok(Some(found)) => Ok(found),
            Ok(None) => Err(self.ended_before(awaited)),
            Err(_) => Err(self.late(awaited, deadline)),
        }
    }

    /// Waits until the process has ended and all its output is read.
    ///
    /// # Errors
    ///
    /// If it has not ended in time.
    pub async fn exit(&mut self, deadline: Duration) -> Result<ExitStatus> {
        let ended = timeout(deadline, self.ended.wait_for(Option::is_some))
            .await
            .map(|status| status.map(|status| *status));
        match ended {
            Ok(Ok(Some(status))) => Ok(status),
            Ok(_) => Err(Error::unexpected(&self.name, "cannot be waited for")),
            Err(_) => Err(self.late("end of the process and its output", deadline)),
        }
    }

    /// Whether the process has ended and closed its output.
    pub fn has_ended(&self) -> bool {
        self.ended.borrow().is_some()
    }

    /// All that it has written to standard output so far.
    pub fn stdout(&self) -> String {
        self.output
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .stdout
            .clone()
    }

    /// All that it has written to standard error so far.
    pub fn stderr(&self) -> String {
        self.output
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .stderr
            .clone()
    }

    /// Sends SIGINT to the group, as Ctrl-C in a terminal does.
    ///
    /// # Errors
    ///
    /// If the group is gone.
    pub fn interrupt(&self) -> Result<()> {
        kill_process_group(pid(&self.child), Signal::INT)
            .map_err(|error| Error::io("interrupt")(error.into()))
    }

    /// The error for an event that did not come in time.
    pub fn late(&self, awaited: &str, waited: Duration) -> Error {
        Error::Late {
            part: self.name.clone(),
            awaited: awaited.to_owned(),
            waited,
            said: self.said(),
        }
    }

    fn ended_before(&self, awaited: &str) -> Error {
        Error::Ended {
            part: self.name.clone(),
            awaited: awaited.to_owned(),
            said: self.said(),
        }
    }

    fn said(&self) -> String {
        let mut said = String::new();
        for (pipe, text) in [
            ("standard output", self.stdout()),
            ("standard error", self.stderr()),
        ] {
            if !text.is_empty() {
                // Writing to a string cannot fail.
                let _ = writeln!(said, "--- {} on {pipe}:\n{}", self.name, text.trim_end());
            }
        }
        said
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // The leader is reaped only below, so its id cannot have become somebody else's. An error
        // means that the group has ended by itself.
        let _ = kill_process_group(pid(&self.child), Signal::KILL);
        // The output ends with the last process of the group. One that has left the group is not
        // waited for.
        let _ = self.gone.recv_timeout(Duration::from_secs(2));
        let _ = self.child.wait();
    }
}

impl std::fmt::Debug for Running {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Running")
            .field("name", &self.name)
            .field("id", &self.id())
            .finish_non_exhaustive()
    }
}

/// Waits until something listens on a loopback port, for parts that print nothing when they do. The
/// caller sets the deadline.
///
/// # Errors
///
/// If the part ends first.
pub async fn answers(part: &Running, port: u16) -> Result<()> {
    // A port gives no event when it opens: asking again is all there is.
    let mut pause = tokio::time::interval(Duration::from_millis(10));
    while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        if part.has_ended() {
            return Err(part.ended_before(&format!("port {port}")));
        }
        pause.tick().await;
    }
    Ok(())
}

/// Reads a pipe to its end, into the transcript and line by line into the channel.
fn read(
    pipe: impl Read + Send + 'static,
    lines: mpsc::UnboundedSender<String>,
    output: Arc<Mutex<Output>>,
    side: fn(&mut Output) -> &mut String,
) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut pipe = BufReader::new(pipe);
        let mut bytes = Vec::new();
        while pipe
            .read_until(b'\n', &mut bytes)
            .is_ok_and(|count| count > 0)
        {
            let line = String::from_utf8_lossy(&bytes);
            side(&mut output.lock().unwrap_or_else(PoisonError::into_inner)).push_str(&line);
            // Nobody waits for lines any more: the transcript still grows.
            let _ = lines.send(line.trim_end_matches(['\n', '\r']).to_owned());
            bytes.clear();
        }
    })
}

/// Tells how the process has ended, to those who await it and to a drop, which cannot. It does not
/// reap the process: its id stays taken until it is dropped.
fn watch_end(
    pid: Pid,
    readers: [Option<thread::JoinHandle<()>>; 2],
) -> (watch::Receiver<Option<ExitStatus>>, blocking::Receiver<()>) {
    let (sender, receiver) = watch::channel(None);
    let (leaving, gone) = blocking::channel();
    thread::spawn(move || {
        let status = loop {
            match waitid(
                WaitId::Pid(pid),
                WaitIdOptions::EXITED | WaitIdOptions::NOWAIT,
            ) {
                Ok(Some(status)) => break status,
                Ok(None) | Err(Errno::INTR) => {}
                Err(_) => return,
            }
        };
        for reader in readers.into_iter().flatten() {
            let _ = reader.join();
        }
        // The encoding of wait(2): the exit code above the signal.
        let code = status.exit_status().unwrap_or_default();
        let signal = status.terminating_signal().unwrap_or_default();
        sender.send_replace(Some(ExitStatus::from_raw(code << 8 | signal)));
        drop(leaving);
    });
    (receiver, gone)
}

fn pid(child: &Child) -> Pid {
    Pid::from_child(child)
}

fn missing_or_io(command: &Command, error: std::io::Error) -> Error {
    let program = command.get_program().to_string_lossy().into_owned();
    if error.kind() == std::io::ErrorKind::NotFound {
        return Error::Missing {
            what: program,
            fix: "run `cargo xtask test`, which installs what tests need".into(),
        };
    }
    Error::io(format!("start {program}"))(error)
}
