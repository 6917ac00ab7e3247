//! The floor of `doorkey token`: reads one item and says how long it is. `bare-keychain-read SERVICE ITEM`
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command prints"
)]

use std::env;
use std::process::ExitCode;

use keyring::Entry;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [service, item] = arguments.as_slice() else {
        eprintln!("usage: bare-keychain-read SERVICE ITEM");
        return ExitCode::from(2);
    };
    match Entry::new(service, item).and_then(|entry| entry.get_secret()) {
        Ok(secret) => {
            println!("{} bytes", secret.len());
            ExitCode::SUCCESS
        }
        // Some of its errors hold the item's bytes.
        Err(_) => {
            eprintln!("bare-keychain-read: the item cannot be read");
            ExitCode::FAILURE
        }
    }
}
