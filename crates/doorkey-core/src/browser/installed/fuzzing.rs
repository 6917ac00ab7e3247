//! Laws of desktop entries, which any program may install.

use freedesktop_desktop_entry::DesktopEntry;
use url::Url;

use super::imp::offered;
use crate::browser::BrowserCommand;
use crate::fuzzing::{Verdict, assert_inert};

const ADDRESS: &str = "https://a.example/?a=b&c=$(d)'%22%20%25u";
const LONGEST_NAME: usize = 80;

/// The text of an entry whose program is here.
pub(crate) fn desktop_entry(bytes: &[u8]) -> Verdict {
    let text = String::from_utf8_lossy(bytes);
    let locales = ["de_DE".to_owned(), "de".to_owned()];
    let Ok(entry) = DesktopEntry::from_str("a.desktop", &text, Some(&locales)) else {
        return Verdict::Refused;
    };
    assert!(
        offered(&entry, &locales, |_| false).is_none(),
        "what is not here opens nothing"
    );
    let Some(browser) = offered(&entry, &locales, |_| true) else {
        return Verdict::Refused;
    };
    assert_inert(&browser.name, LONGEST_NAME);
    assert!(!browser.name.is_empty() && !browser.is_default);
    assert!(text.contains("x-scheme-handler/https"));

    let command = &browser.command;
    assert_eq!(
        &BrowserCommand::parse(command.as_str()).expect("its own text"),
        command
    );
    let url = Url::parse(ADDRESS).expect("an address");
    let arguments = command.arguments(&url);
    let (program, rest) = arguments.split_first().expect("a program");
    assert!(!program.trim().is_empty());
    assert!(rest.iter().any(|argument| argument.contains(url.as_str())));
    // What is started does not depend on the address, nor does how many words it gets.
    let other = command.arguments(&Url::parse("https://b.example/").expect("an address"));
    assert_eq!(
        (other.first(), other.len()),
        (Some(program), arguments.len())
    );
    Verdict::Accepted
}
