//! Lets Tauri generate what the window may do, which is nothing.

fn main() {
    tauri_build::build();
}
