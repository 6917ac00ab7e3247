//! Laws of a browser's command.

use url::Url;

use super::BrowserCommand;
#[cfg(all(unix, not(target_os = "macos")))]
pub(crate) use super::installed::fuzzing::desktop_entry;
use crate::fuzzing::{Verdict, assert_tellable};

const ADDRESS: &str = "https://a.example/?a=b&c=$(d)'%22%20%73";
/// How much of a command a message is given here. A person writes it, so it is quoted whole.
const LONGEST_TOLD: usize = 200;

/// The text of a command.
pub(crate) fn command(bytes: &[u8]) -> Verdict {
    let text = String::from_utf8_lossy(bytes);
    let command = match BrowserCommand::parse(&text) {
        Ok(command) => command,
        Err(error) => {
            if text.chars().count() <= LONGEST_TOLD {
                assert_tellable(&error);
            }
            return Verdict::Refused;
        }
    };
    assert_eq!(
        BrowserCommand::parse(command.as_str()).expect("its own text"),
        command
    );
    let url = Url::parse(ADDRESS).expect("an address");
    let arguments = command.arguments(&url);
    let (program, rest) = arguments.split_first().expect("a program");
    assert_eq!(program, command.program());
    assert!(!program.trim().is_empty());
    // What is started does not depend on the address.
    let other = Url::parse("https://b.example/").expect("an address");
    assert_eq!(command.arguments(&other).first(), Some(program));
    assert!(rest.iter().any(|argument| argument.contains(url.as_str())));
    assert!(!rest.iter().any(|argument| argument.contains("%s")));
    // Without a place of its own, which no quotes can hide either, the address is the last argument, whole.
    if !text.contains('%') {
        assert_eq!(rest.last().map(String::as_str), Some(url.as_str()));
    }
    // As words and back: what lists of installed programs are made of.
    let words: Vec<_> = arguments
        .iter()
        .map(|word| word.replace("%s", ""))
        .collect();
    let is_program = |word: &String| !word.trim().is_empty() && !word.contains("%s");
    if cfg!(unix) && words.first().is_some_and(is_program) {
        let again = BrowserCommand::of_words(words.clone()).expect("any words");
        if !words.iter().any(|word| word.contains("%s")) {
            assert_eq!(
                again.arguments(&url),
                [&words[..], &[url.to_string()]].concat()
            );
        }
    }
    Verdict::Accepted
}
