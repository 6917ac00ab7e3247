//! The dev loop. `cargo xtask` alone tells what there is.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a task runner talks to the person who runs it"
)]

mod bench;
mod bundle;
mod changelog;
mod check_macos;
mod check_toolchain;
mod check_windows;
mod clean_root;
mod command;
mod dependencies;
mod display;
mod fuzz;
mod keychain;
mod lint;
mod mutants;
mod package;
mod packages;
mod portable;
mod release;
mod run;
mod sbom;
mod soak;
mod terminal;
mod test;
mod tools;
mod ui;
mod workflows;

use std::{env, process::ExitCode};

use command::Failure;

const HELP: &str = "\
Doorkey's dev loop.

    cargo xtask run            install what is missing, build, and start the app
                               (without a display: a whole sign-in in the terminal)
    cargo xtask test [STEP]... install what is missing and run all that CI runs, or only some steps
    cargo xtask bench [ARG]... measure release builds against their floors
    cargo xtask soak [MINUTES] let it live with faults, and see that it takes no more than at first (20 minutes)
    cargo xtask fuzz [MINUTES] [TARGET]
                               feed every parser, or one, whatever comes to mind (10 minutes each)
    cargo xtask mutants [ROOM] change the engine in one place at a time, and see that a test fails (hours)
    cargo xtask bundle [--quick] [--against DEB]
                               make the packages for Linux and check them; --quick makes one for tests;
                               --against tells how the deb differs from another one
    cargo xtask package        install, use, upgrade and remove the deb in a clean root (as root)
    cargo xtask sbom [FOLDER]  the bills of materials, into target/sbom
    cargo xtask check-windows [STEP]...
                               build for Windows, and run under wine what runs there: tests, programs, installer
    cargo xtask check-macos    check the types of what is compiled for macOS
    cargo xtask fmt [--check]  format the Rust code
    cargo xtask lint           clippy, cargo-deny and the workflows, and typos where it is installed
    cargo xtask workflows      actionlint and zizmor on .github alone

Steps of test:
";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match act(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nxtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn act(arguments: &[&str]) -> Result<(), Failure> {
    env::set_current_dir(command::repository())
        .map_err(|error| Failure::new(format!("no repository: {error}")))?;
    match arguments {
        ["run"] => run::run(),
        ["test"] if !cfg!(target_os = "linux") => portable::test(),
        ["test", steps @ ..] => test::test(steps),
        ["bench", more @ ..] => bench::bench(more),
        ["soak"] => soak::soak(None),
        ["soak", minutes] => soak::soak(Some(minutes)),
        ["fuzz"] => fuzz::fuzz(None, None),
        ["fuzz", minutes] => fuzz::fuzz(Some(minutes), None),
        ["fuzz", minutes, target] => fuzz::fuzz(Some(minutes), Some(target)),
        ["mutants"] => mutants::mutants(None),
        ["mutants", room] => mutants::mutants(Some(room)),
        ["package"] => package::package(),
        ["bundle", more @ ..] => bundle::bundle(more),
        ["release", more @ ..] => release::release(more),
        ["sbom"] => sbom::sbom(None),
        ["sbom", folder] => sbom::sbom(Some(folder)),
        ["workflows"] => workflows::check(),
        ["check-windows", steps @ ..] => check_windows::check(steps),
        ["check-macos"] => check_macos::check(),
        ["fmt"] => lint::format(false),
        ["fmt", "--check"] => lint::format(true),
        ["lint"] => lint::lint(),
        [terminal::INSIDE] => terminal::sign_in_inside(),
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            for step in test::STEPS {
                println!("    {:<12} {}", step.name, step.does);
            }
            print!("\nA release:\n\n{}", release::HELP);
            Ok(())
        }
        other => Err(Failure::new(format!(
            "there is no `{}`: `cargo xtask help` tells what there is",
            other.join(" ")
        ))),
    }
}
