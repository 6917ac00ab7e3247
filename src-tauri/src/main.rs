//! The desktop app's program. All of it is in the library.

// Without this, Windows opens a console beside the window.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() -> std::process::ExitCode {
    doorkey_core::forbid_core_dumps();
    doorkey_desktop::run()
}
