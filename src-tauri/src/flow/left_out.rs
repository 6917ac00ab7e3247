//! What a bug report does not need to say about a person.

use super::personal::is_personal;
use crate::view::{FlowStep, FlowValue, FlowView, Party};

/// What stands where something was left out of a text.
const GAP: &str = "(left out)";

/// A shorter value may be a part of anything.
const SHORTEST: usize = 4;

/// Knows what has to be left out of the texts of a flow.
pub(super) struct LeftOut {
    /// Texts to replace, the longest first, and what to replace them by.
    known: Vec<(String, &'static str)>,
}

impl LeftOut {
    /// Leaves out what the flow's personal fields say, wherever else it is said, and where the person's files are.
    pub(super) fn of(flow: &FlowView, home: Option<&str>) -> Self {
        let fields = flow.steps.iter().flat_map(|step| &step.fields);
        let values = fields.filter_map(|field| match &field.value {
            FlowValue::Shown { text } if is_personal(&field.name) => Some((text.clone(), GAP)),
            _ => None,
        });
        let home = home.map(|home| (home.to_owned(), "~"));
        let mut known: Vec<_> = values
            .chain(home)
            .filter(|(text, _)| text.chars().count() >= SHORTEST)
            .collect();
        known.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
        known.dedup();
        Self { known }
    }

    /// What a field says, unless it is about the person.
    pub(super) fn field(&self, step: &FlowStep, name: &str, text: &str) -> Option<String> {
        // The name of a profile is the person's own word.
        if is_personal(name) || name == "profile" {
            return None;
        }
        // What is asked of an API is nobody's business; which API it is helps.
        if name == "url" && step.to == Party::Api {
            return Some(origin(text));
        }
        Some(self.text(text))
    }

    /// A text without what identifies the person.
    pub(super) fn text(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (known, instead) in &self.known {
            text = replace_words(&text, known, instead);
        }
        without_addresses(&text)
    }
}

fn origin(url: &str) -> String {
    match url::Url::parse(url) {
        Ok(url) if url.has_host() => format!("{}/…", url.origin().ascii_serialization()),
        _ => GAP.to_owned(),
    }
}

/// Replaces a text where it is no part of a longer word.
fn replace_words(text: &str, known: &str, instead: &str) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    let mut before = None;
    while let Some(at) = rest.find(known) {
        let (left, found) = rest.split_at(at);
        let after = &found[known.len()..];
        let neighbours = [left.chars().next_back().or(before), after.chars().next()];
        let is_whole = !neighbours.into_iter().flatten().any(char::is_alphanumeric);
        replaced.push_str(left);
        replaced.push_str(if is_whole { instead } else { known });
        before = known.chars().next_back();
        rest = after;
    }
    replaced.push_str(rest);
    replaced
}

/// Replaces e-mail addresses, also those in addresses of the web.
fn without_addresses(text: &str) -> String {
    let joins =
        |character: char| character.is_alphanumeric() || ".!#$%'*+-^_`{|}~@".contains(character);
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest
            .find(|character| !joins(character))
            .unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let is_address = word.contains('@') || word.contains("%40");
        kept.push_str(if is_address { GAP } else { word });
        let gap = after.chars().next().map_or(0, char::len_utf8);
        kept.push_str(&after[..gap]);
        rest = &after[gap..];
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_left_out_of_any_text() {
        for (text, expected) in [
            (
                "The user ada.moreno+x@example.com is blocked.",
                "The user (left out) is blocked.",
            ),
            (
                "https://api.example.com/u/ada%40example.com/x?y=1",
                "https://api.example.com/u/(left out)/x?y=1",
            ),
            ("<ada@example.com>,é", "<(left out)>,é"),
            (
                "no address, 100 % plain: a.b",
                "no address, 100 % plain: a.b",
            ),
            ("", ""),
        ] {
            assert_eq!(without_addresses(text), expected);
        }
    }

    #[test]
    fn only_whole_words_are_replaced() {
        assert_eq!(
            replace_words("4180 is not 14180 or 41804180; 4180", "4180", "x"),
            "x is not 14180 or 41804180; x"
        );
        assert_eq!(replace_words("/home/ada/x", "/home/ada", "~"), "~/x");
    }

    #[test]
    fn of_an_api_only_the_origin_is_told() {
        assert_eq!(
            origin("https://api.example.com:8443/people/7"),
            "https://api.example.com:8443/…"
        );
        assert_eq!(origin("data:x"), GAP);
    }
}
