//! Text of others in a terminal: shown, never obeyed.

use std::borrow::Cow;

/// The text with everything that a terminal might obey, or that hides or reorders text, written as
/// an escape sequence such as `\u{1b}`. Line ends stay.
pub(crate) fn for_terminal(text: &str) -> Cow<'_, str> {
    if !text
        .chars()
        .any(|character| is_deceptive(character) && character != '\n')
    {
        return Cow::Borrowed(text);
    }
    let mut inert = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_deceptive(character) && character != '\n' {
            inert.extend(character.escape_unicode());
        } else {
            inert.push(character);
        }
    }
    Cow::Owned(inert)
}

/// The same for what fits on one line.
pub(crate) fn for_line(text: &str) -> String {
    for_terminal(text).replace('\n', "\\n")
}

/// JSON text with the same characters written as `\u001b`. They can only stand within strings, where
/// that means the same.
pub(crate) fn for_json(json: &str) -> String {
    let mut inert = String::with_capacity(json.len());
    for character in json.chars() {
        if is_deceptive(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                inert.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            inert.push(character);
        }
    }
    inert
}

/// Controls, and the marks that reorder or hide other text.
fn is_deceptive(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g21_escape_sequences_are_shown_and_not_obeyed() {
        assert_eq!(
            for_terminal("a\u{1b}[31mb\r\u{9b}2Jc\u{202e}d\n"),
            "a\\u{1b}[31mb\\u{d}\\u{9b}2Jc\\u{202e}d\n"
        );
        assert_eq!(for_line("a\nb\tc"), "a\\nb\\u{9}c");
        assert_eq!(for_terminal("Bergström, 漢字"), "Bergström, 漢字");
    }

    #[test]
    fn g21_json_means_the_same_without_them() {
        let value = serde_json::json!({ "name": "a\u{1b}\u{7f}\u{9b}\u{202e}\u{e0001}b" });
        let text = for_json(&value.to_string());
        assert!(
            text.bytes().all(|byte| (b' '..=b'~').contains(&byte)),
            "{text}"
        );
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&text).unwrap(),
            value
        );
    }
}
