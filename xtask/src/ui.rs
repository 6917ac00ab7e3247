//! The web UI: built once before what embeds it.

use std::path::Path;

use crate::{
    command::{Failure, command, execute, say},
    tools,
};

pub(crate) const FOLDER: &str = "ui";

/// Installs what the web UI needs, and builds it.
pub(crate) fn build() -> Result<(), Failure> {
    tools::node()?;
    tools::npm_packages(Path::new(FOLDER))?;
    say("Building the web UI");
    npm(&["run", "build"])
}

/// Builds the web UI unless there is a build: the desktop app does not compile without one.
pub(crate) fn build_if_missing() -> Result<(), Failure> {
    if Path::new(FOLDER).join("dist/index.html").is_file() {
        Ok(())
    } else {
        build()
    }
}

/// Runs npm in the web UI's folder.
pub(crate) fn npm(arguments: &[&str]) -> Result<(), Failure> {
    let mut npm = command("npm", arguments);
    npm.current_dir(FOLDER);
    execute(npm)
}
