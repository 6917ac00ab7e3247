//! Whether a program opens a console: its header says which kind of program it is
//! ([PE format](https://learn.microsoft.com/windows/win32/debug/pe-format)).

use std::{fs, path::Path};

use crate::command::{Failure, failed, say};

/// What a header can say of a program's surroundings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Subsystem {
    /// Windows gives it no console.
    Window,
    /// It has the console of whoever starts it, or a new one.
    Console,
    Other(u16),
}

/// The app has no console, and the command has one.
pub(super) fn check(programs: &Path) -> Result<(), Failure> {
    say("What kind of programs they are");
    for (name, expected) in [
        ("doorkey-desktop.exe", Subsystem::Window),
        ("doorkey.exe", Subsystem::Console),
    ] {
        let path = programs.join(name);
        let bytes = fs::read(&path).map_err(failed("read", &path))?;
        let found = subsystem(&bytes)
            .ok_or_else(|| Failure::new(format!("{name} is no program for Windows")))?;
        if found != expected {
            return Err(Failure::new(format!(
                "{name} is {found:?}, not {expected:?}"
            )));
        }
        println!("    {name}: {found:?}");
    }
    Ok(())
}

/// What the header of a program says, if it is one.
fn subsystem(program: &[u8]) -> Option<Subsystem> {
    let number = |at: usize, length: usize| {
        let bytes = program.get(at..at.checked_add(length)?)?.iter().rev();
        Some(bytes.fold(0, |number, &byte| number << 8 | usize::from(byte)))
    };
    let header = number(0x3C, 4)?;
    let is_program = program.starts_with(b"MZ") && program.get(header..)?.starts_with(b"PE\0\0");
    // Behind the signature and the header of the file comes the optional one, with the subsystem at 68.
    let kind = number(header + 4 + 20 + 68, 2).filter(|_| is_program)?;
    Some(match kind {
        2 => Subsystem::Window,
        3 => Subsystem::Console,
        other => Subsystem::Other(u16::try_from(other).ok()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_tells_the_kind() {
        let mut program = vec![0; 0x80 + 24 + 70];
        program[..2].copy_from_slice(b"MZ");
        program[0x3C] = 0x80;
        program[0x80..0x84].copy_from_slice(b"PE\0\0");
        for (number, expected) in [
            (2, Subsystem::Window),
            (3, Subsystem::Console),
            (10, Subsystem::Other(10)),
        ] {
            program[0x80 + 24 + 68] = number;
            assert_eq!(subsystem(&program), Some(expected));
        }
        assert_eq!(subsystem(&program[..0x80 + 24 + 69]), None);
        assert_eq!(subsystem(b"MZ"), None);
        program[0x80] = b'Q';
        assert_eq!(subsystem(&program), None);
    }
}
