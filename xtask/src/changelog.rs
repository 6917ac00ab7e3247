//! `CHANGELOG.md`, which the notes of a release and the packages are both made from.

/// Where it stands.
pub(crate) const FILE: &str = "CHANGELOG.md";

/// Whether a word is a day, as in 2026-01-31.
pub(crate) fn is_day(word: &str) -> bool {
    let shape = word.chars().map(|character| {
        if character.is_ascii_digit() {
            '0'
        } else {
            character
        }
    });
    shape.eq("0000-00-00".chars())
}
