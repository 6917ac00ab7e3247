//! Text of others in a Markdown file, where it can do nothing.

/// The text as it is, in a code span that it cannot end. What could disguise it becomes an escape that can be read.
pub(super) fn code(text: &str) -> String {
    let mut visible = String::with_capacity(text.len());
    for character in text.chars() {
        if is_visible(character) {
            visible.push(character);
        } else {
            visible.extend(character.escape_unicode());
        }
    }
    if visible.is_empty() {
        return "nothing".to_owned();
    }
    // A code span ends at the first run of as many backticks as it began with.
    let fence = "`".repeat(longest_run(&visible) + 1);
    let edges = [visible.chars().next(), visible.chars().next_back()];
    // One space at each end is taken away again.
    let pad = match edges {
        [Some(' ' | '`'), _] | [_, Some(' ' | '`')] => " ",
        _ => "",
    };
    format!("{fence}{pad}{visible}{pad}{fence}")
}

/// Words that mean nothing to Markdown, HTML or Mermaid: letters, digits, and what sentences need.
pub(super) fn words(text: &str) -> String {
    let harmless = |character: char| character.is_alphanumeric() || ".,'’-()/".contains(character);
    let text: String = text
        .chars()
        .map(|character| if harmless(character) { character } else { ' ' })
        .collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Neither a control nor a direction nor an invisible filler.
fn is_visible(character: char) -> bool {
    !(character.is_control()
        || matches!(
            character,
            '\u{AD}'
                | '\u{61C}'
                | '\u{180E}'
                | '\u{200B}'..='\u{200F}'
                | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{FEFF}'
                | '\u{FFF9}'..='\u{FFFB}'
                | '\u{E0000}'..='\u{E007F}'
        ))
}

fn longest_run(text: &str) -> usize {
    text.split(|character| character != '`')
        .map(str::len)
        .max()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_code_span() {
        assert_eq!(code("plain"), "`plain`");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("```\n# x"), "```` ```\\u{a}# x ````");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("\u{202E}x\r"), "`\\u{202e}x\\u{d}`");
        assert_eq!(code(" x"), "`  x `");
        assert_eq!(code(""), "nothing");
    }

    #[test]
    fn words_have_no_syntax() {
        assert_eq!(
            words("End the provider's session"),
            "End the provider's session"
        );
        assert_eq!(
            words("a\nb;c%%d#35;e<f>g`h`[i](j)@k|l*m_n:o\"p\\q$r{s}~t=u!v&w"),
            "a b c d 35 e f g h i (j) k l m n o p q r s t u v w"
        );
        assert_eq!(words("Zoë 山田"), "Zoë 山田");
    }
}
