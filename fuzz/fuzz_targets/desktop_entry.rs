//! Laws: the function of this name in the engine's `fuzzing` module.
#![no_main]

doorkey_fuzz::feeds!("desktop_entry");
