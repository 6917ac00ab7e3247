//! The floor of `doorkey login`: the same requests, no checks, nothing kept. `bare-login ISSUER CLIENT-ID`
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command prints"
)]

use std::env;
use std::io;
use std::process::{Command, ExitCode, Stdio};

use doorkey_bench::bare::{self, Error};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [issuer, client_id] = arguments.as_slice() else {
        eprintln!("usage: bare-login ISSUER CLIENT-ID");
        return ExitCode::from(2);
    };
    match sign_in(issuer, client_id) {
        Ok(length) => {
            println!("signed in, with an access token of {length} bytes");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("bare-login: {error}");
            ExitCode::FAILURE
        }
    }
}

fn sign_in(issuer: &str, client_id: &str) -> Result<usize, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let http = reqwest::Client::builder().build()?;
        let (_, tokens) = bare::sign_in(&http, issuer, client_id, |url| {
            let browser = env::var_os("BROWSER")
                .ok_or_else(|| io::Error::other("BROWSER names no browser"))?;
            let mut command = Command::new(browser);
            command
                .arg(url.as_str())
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            command.spawn().map(drop)
        })
        .await?;
        Ok(tokens.access_token.len())
    })
}
