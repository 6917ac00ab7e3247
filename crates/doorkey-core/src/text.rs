//! Text from elsewhere, made inert: it is shown as text, on one line, and not for pages.

/// The text without control characters and without the marks that reorder or hide other text, cut to
/// so many characters.
pub(crate) fn inert(text: &str, limit: usize) -> String {
    let mut clean: String = text.chars().filter(|character| !is_deceptive(*character)).take(limit + 1).collect();
    if let Some((end, _)) = clean.char_indices().nth(limit) {
        clean.truncate(end);
        clean.push('…');
    }
    clean
}

fn is_deceptive(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_deceives_is_left_out_and_what_is_long_is_cut() {
        assert_eq!(inert("a\u{1b}[31mb\r\nc\u{202e}d", 20), "a[31mbcd");
        assert_eq!(inert("äbcdef", 3), "äbc…");
        assert_eq!(inert("abc", 3), "abc");
    }
}
