//! An address as a picture for a phone's camera.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

use crate::view::QrView;

/// The margin that cameras need (ISO/IEC 18004): light modules on each side.
const QUIET_ZONE: usize = 4;

/// The text as a QR code; none for what fits none.
pub(crate) fn draw(text: &str) -> Option<QrView> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let mut path = String::new();
    for (row, modules) in code.to_colors().chunks(code.width()).enumerate() {
        draw_row(&mut path, row + QUIET_ZONE, modules);
    }
    let size = u32::try_from(code.width() + 2 * QUIET_ZONE).ok()?;
    Some(QrView { size, path })
}

/// Each run of dark modules is one rectangle.
fn draw_row(path: &mut String, row: usize, modules: &[Color]) {
    let mut column = QUIET_ZONE;
    for run in modules.chunk_by(|one, next| one == next) {
        if run.first() == Some(&Color::Dark) {
            // Writing to a string cannot fail.
            let _ = write!(path, "M{column} {row}h{0}v1h-{0}z", run.len());
        }
        column += run.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: &str = "https://login.example.com/device?user_code=WDJB-MJHT";

    /// The modules that a path fills, row by row.
    fn modules(picture: &QrView) -> Vec<Vec<bool>> {
        let size = picture.size as usize;
        let mut modules = vec![vec![false; size]; size];
        for run in picture.path.split('M').skip(1) {
            let numbers: Vec<usize> = run
                .split(|letter: char| !letter.is_ascii_digit())
                .filter_map(|number| number.parse().ok())
                .collect();
            let [column, row, width, 1, back] = numbers[..] else {
                panic!("{run} is no run of modules")
            };
            assert_eq!(width, back);
            modules[row][column..column + width].fill(true);
        }
        modules
    }

    #[test]
    fn the_drawing_is_the_code_within_its_margin() {
        let picture = draw(ADDRESS).unwrap();
        let code = QrCode::with_error_correction_level(ADDRESS, EcLevel::M).unwrap();
        assert_eq!(picture.size as usize, code.width() + 8);
        for (row, drawn) in modules(&picture).iter().enumerate() {
            for (column, dark) in drawn.iter().enumerate() {
                let inside = |at: usize| at.checked_sub(4).filter(|at| *at < code.width());
                let expected = inside(column)
                    .zip(inside(row))
                    .is_some_and(|place| code[place] == Color::Dark);
                assert_eq!(*dark, expected, "column {column}, row {row}");
            }
        }
    }

    /// What the web UI is looked at with.
    #[test]
    fn export_bindings_example() {
        let picture = serde_json::to_string_pretty(&draw(ADDRESS).unwrap()).unwrap();
        let file = crate::view::example("qr.json");
        std::fs::write(file, picture + "\n").unwrap();
    }

    #[test]
    fn what_does_not_fit_is_not_drawn() {
        assert_eq!(draw(&"x".repeat(10_000)), None);
    }
}
