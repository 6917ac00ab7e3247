//! Text of others, made fit to be shown.

/// Removes what could disguise the text, turns every run of white space into one space, and cuts the
/// rest to so many characters, the last of which then is an ellipsis.
pub(crate) fn clean(text: &str, longest: usize) -> String {
    let mut cleaned = String::with_capacity(text.len().min(longest.saturating_mul(4)));
    let mut count = 0;
    for word in text.split_whitespace() {
        let mut visible = word
            .chars()
            .filter(|character| !is_disguise(*character))
            .peekable();
        if visible.peek().is_none() {
            continue;
        }
        let gap = (count > 0).then_some(' ');
        for character in gap.into_iter().chain(visible) {
            if count == longest {
                cleaned.pop();
                cleaned.push('…');
                return cleaned;
            }
            cleaned.push(character);
            count += 1;
        }
    }
    cleaned
}

/// Whether the text is what [`clean`] would make of it, but for its length.
pub(crate) fn is_clean(text: &str) -> bool {
    !text.chars().any(is_disguise)
}

/// Characters that are not seen but change what is: controls, directions, and invisible fillers.
/// Joiners stay, since Persian and Indic names need them.
fn is_disguise(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{AD}'
                | '\u{61C}'
                | '\u{180E}'
                | '\u{200B}'
                | '\u{200E}'
                | '\u{200F}'
                | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{FEFF}'
                | '\u{FFF9}'..='\u{FFFB}'
                | '\u{E0000}'..='\u{E007F}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_stays_as_it_is() {
        for text in [
            "Ada Lovelace",
            "山田太郎",
            "نگار می\u{200C}خواهد",
            "O’Brien-Núñez",
            "",
        ] {
            assert_eq!(clean(text, 256), text);
            assert!(is_clean(text));
        }
    }

    #[test]
    fn disguises_are_removed() {
        assert_eq!(clean("moc.live@\u{202E}ada", 256), "moc.live@ada");
        assert_eq!(
            clean("Ada\r\n\tLovelace \u{1B}[31m\u{0}", 256),
            "Ada Lovelace [31m"
        );
        assert_eq!(clean(" \u{200B} \u{2067}\u{2069} ", 256), "");
        assert_eq!(clean("a\u{2028}b", 256), "a b");
    }

    #[test]
    fn long_text_is_cut_and_says_so() {
        assert_eq!(clean("abcd", 4), "abcd");
        assert_eq!(clean("abcde", 4), "abc…");
        assert_eq!(clean("abc de", 4), "abc…");
        assert_eq!(clean(&"é".repeat(1000), 256).chars().count(), 256);
    }
}
