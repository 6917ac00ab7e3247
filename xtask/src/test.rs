//! `cargo xtask test`: all that CI runs, step by step.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use crate::{
    command::{Failure, cargo, command, execute, output, say},
    dependencies,
    lint::{self, SHIPPED},
    package, packages, tools, ui, workflows,
};

/// One thing that can be right or wrong, whatever the others are.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) does: &'static str,
    run: fn() -> Result<(), Failure>,
}

/// The packages and features of every command here. The empty window has nothing to test.
pub(crate) const SELECTED: &[&str] = &[
    "--workspace",
    "--exclude",
    "xtask",
    "--exclude",
    "doorkey-empty-window",
    "--features",
    SHIPPED,
];

/// Where the types of the view model are written for TypeScript.
const GENERATED: &str = "ui/src/lib/backend/generated";

/// In the order in which they run.
pub(crate) const STEPS: &[Step] = &[
    Step {
        name: "fmt",
        does: "the Rust code is formatted",
        run: || lint::format(true),
    },
    Step {
        name: "clippy",
        does: "clippy has nothing to say",
        run: lint::clippy,
    },
    Step {
        name: "deny",
        does: "what comes into the tree keeps the rules of deny.toml",
        run: dependencies::check,
    },
    Step {
        name: "workflows",
        does: "actionlint and zizmor have nothing to say about .github",
        run: workflows::check,
    },
    Step {
        name: "ui-check",
        does: "the web UI's types and markup",
        run: || ui::npm(&["run", "check"]),
    },
    Step {
        name: "ui-test",
        does: "the web UI's units",
        run: || ui::npm(&["test"]),
    },
    Step {
        name: "ui-build",
        does: "the web UI builds",
        run: || ui::npm(&["run", "build"]),
    },
    Step {
        name: "ui-screens",
        does: "the web UI's screens in a browser",
        run: || ui::npm(&["run", "test:screens"]),
    },
    Step {
        name: "build",
        does: "programs, tests and examples build",
        run: build,
    },
    Step {
        name: "types",
        does: "the committed TypeScript types are those of the Rust code",
        run: types,
    },
    Step {
        name: "rust",
        does: "all tests, with a real browser, window, keychain and provider where they cross rooms",
        run: tests,
    },
    Step {
        name: "package",
        does: "the Linux package installs, works, upgrades and goes, in a clean root",
        run: package::package,
    },
];

/// Runs the named steps, or all of them, and tells at the end how each went.
pub(crate) fn test(names: &[&str]) -> Result<(), Failure> {
    if let Some(unknown) = names
        .iter()
        .find(|name| STEPS.iter().all(|step| step.name != **name))
    {
        let known: Vec<_> = STEPS.iter().map(|step| step.name).collect();
        return Err(Failure::new(format!(
            "there is no step `{unknown}`; there are {}",
            known.join(", ")
        )));
    }
    prepare()?;
    let mut results = Vec::new();
    for step in STEPS
        .iter()
        .filter(|step| names.is_empty() || names.contains(&step.name))
    {
        say(format!("{}: {}", step.name, step.does));
        let start = Instant::now();
        let result = (step.run)();
        results.push((step.name, start.elapsed(), result.err()));
    }
    summarize(&results)
}

/// Installs what the steps need.
fn prepare() -> Result<(), Failure> {
    packages::install(
        &[
            packages::BUILD,
            packages::WINDOW,
            packages::BROWSER,
            packages::PROXY,
        ],
        Some("webkit2gtk-4.1"),
    )?;
    tools::node()?;
    for folder in [ui::FOLDER, "tests/peers"] {
        tools::npm_packages(Path::new(folder))?;
    }
    tools::tauri_driver()?;
    ui::build_if_missing()
}

fn summarize(results: &[(&str, Duration, Option<Failure>)]) -> Result<(), Failure> {
    say("Summary");
    for (name, time, failure) in results {
        let verdict = failure
            .as_ref()
            .map_or("ok".to_owned(), |failure| format!("FAILED: {failure}"));
        println!("    {name:<12}{:>8.1} s  {verdict}", time.as_secs_f64());
    }
    let failed: Vec<_> = results
        .iter()
        .filter(|(_, _, failure)| failure.is_some())
        .map(|(name, ..)| *name)
        .collect();
    if failed.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "run again what failed with `cargo xtask test {}`",
        failed.join(" ")
    )))
}

/// Writes the types anew; nothing may differ from what is committed, and nothing may be new.
fn types() -> Result<(), Failure> {
    execute(cargo(
        &[&["test"], SELECTED, &["--lib", "export_bindings"]].concat(),
    ))?;
    let again = |what: &str| Failure::new(format!("{what}: commit {GENERATED} as it is now"));
    execute(command("git", &["diff", "--exit-code", "--", GENERATED]))
        .map_err(|_| again("the committed types are not those of the Rust code"))?;
    match output(command(
        "git",
        &[
            "ls-files",
            "--others",
            "--exclude-standard",
            "--",
            GENERATED,
        ],
    )) {
        Some(new) if new.is_empty() => Ok(()),
        Some(new) => Err(again(&format!(
            "not committed yet: {}",
            new.split_whitespace().collect::<Vec<_>>().join(" ")
        ))),
        None => Err(Failure::new(
            "`git ls-files` failed: is this a git repository?",
        )),
    }
}

/// Everything at once, so that one choice of features serves all later commands: a choice of its own for each
/// would compile Tauri anew for each.
fn build() -> Result<(), Failure> {
    execute(cargo(
        &[&["build"], SELECTED, &["--bins", "--tests", "--examples"]].concat(),
    ))
}

/// A few at a time: some of these tests run a browser, a window or a keychain of their own.
fn tests() -> Result<(), Failure> {
    let few_at_a_time: &[&str] = &["--no-fail-fast", "--", "--test-threads", "2"];
    let all = execute(cargo(&[&["test"], SELECTED, few_at_a_time].concat()));
    // By itself, since it is this very program.
    all.and(execute(cargo(&["test", "--package", "xtask"])))
}
