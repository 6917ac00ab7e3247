//! Lists as people write them: words with spaces between them.
//!
//! Not a shell's words: a scope may hold an apostrophe or begin with `#`, and stays what it is.

/// How a list without a word is written. An empty text is a field that nobody has filled in.
pub(super) const NONE: &str = "\"\"";

/// The words of a text; none if a quote has no end. A word that begins with a double quote goes on to the next one, and a
/// backslash in it takes the next character as it is. `""` alone is the empty list.
pub(super) fn split(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (word, after) = match rest.strip_prefix('"') {
            Some(quoted) => unquote(quoted)?,
            None => {
                let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
                let (word, after) = rest.split_at(end);
                (word.to_owned(), after)
            }
        };
        words.push(word);
        rest = after.trim_start();
    }
    if words == [""] {
        words.clear();
    }
    Some(words)
}

/// The text that [`split`] makes these words of.
pub(super) fn join<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let text = words.map(quote).collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        NONE.to_owned()
    } else {
        text
    }
}

fn quote(word: &str) -> String {
    if word.is_empty() || word.starts_with('"') || word.contains(char::is_whitespace) {
        format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\""))
    } else {
        word.to_owned()
    }
}

/// The word up to the closing quote, and what follows it.
fn unquote(quoted: &str) -> Option<(String, &str)> {
    let mut word = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return quoted.get(at + 1..).map(|after| (word, after)),
            '\\' => word.push(characters.next()?.1),
            other => word.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_what_they_are_and_quotes_hold_them_together() {
        for (text, words) in [
            ("", vec![]),
            ("\"\"", vec![]),
            (
                " openid  it's #x a\\b\n",
                vec!["openid", "it's", "#x", "a\\b"],
            ),
            (r#"a "b c" "d\"e\\""#, vec!["a", "b c", "d\"e\\"]),
        ] {
            assert_eq!(split(text).expect("words"), words, "{text:?}");
        }
        assert_eq!(split("a \"b"), None);
        assert_eq!(split("\"b\\"), None);
        assert_eq!(join(["a", "it's", "b c"].into_iter()), "a it's \"b c\"");
    }
}
