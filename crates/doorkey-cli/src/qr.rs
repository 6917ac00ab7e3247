//! An address as a picture for a phone's camera.

use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};

/// Wider codes would wrap in a usual terminal, and a wrapped code is none.
const WIDEST: usize = 78;

/// Two modules in each character, dark on light whatever the terminal's colours are. None for what does not fit.
pub(crate) fn picture(text: &str) -> Option<String> {
    // The light modules are what is drawn, white on black: every terminal has these two.
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let drawn = code
        .render::<Dense1x2>()
        .dark_color(Dense1x2::Light)
        .light_color(Dense1x2::Dark)
        .quiet_zone(true)
        .build();
    let is_narrow = drawn.lines().all(|line| line.chars().count() <= WIDEST);
    is_narrow.then(|| {
        drawn
            .lines()
            .map(|line| format!("\u{1b}[37;40m{line}\u{1b}[0m\n"))
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_the_code_line_by_line() {
        let picture = picture("https://login.example.com/device?user_code=WDJB-MJHT").unwrap();
        let lines: Vec<&str> = picture.lines().collect();
        assert_eq!(
            lines[0],
            format!("\u{1b}[37;40m{}\u{1b}[0m", "█".repeat(37))
        );
        // Version 3 has 29 modules, and 4 of quiet on each side; two rows share a line.
        assert_eq!(lines.len(), 19);
        for line in lines {
            let line = line.strip_prefix("\u{1b}[37;40m").unwrap();
            let line = line.strip_suffix("\u{1b}[0m").unwrap();
            assert_eq!(line.chars().count(), 37);
            assert!(line.chars().all(|module| " ▀▄█".contains(module)), "{line}");
        }
    }

    #[test]
    fn what_does_not_fit_is_not_drawn() {
        assert_eq!(picture(&"x".repeat(1_000)), None);
        assert_eq!(picture(&"x".repeat(10_000)), None);
    }
}
