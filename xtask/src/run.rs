//! `cargo xtask run`: the app, or without a display the same job in the terminal.

use crate::{
    command::{Failure, cargo, execute, say},
    display, packages, terminal, ui,
};

/// Builds what is needed and starts.
pub(crate) fn run() -> Result<(), Failure> {
    if !display::answers() {
        say(
            "There is no display here (DISPLAY and WAYLAND_DISPLAY lead nowhere): signing in in the terminal",
        );
        return terminal::sign_in();
    }
    packages::install(&[packages::BUILD], Some("webkit2gtk-4.1"))?;
    ui::build()?;
    say("Building and starting the app");
    execute(cargo(&[
        "run",
        "--package",
        "doorkey-desktop",
        "--bin",
        "doorkey-desktop",
        "--features",
        "custom-protocol",
    ]))
}
