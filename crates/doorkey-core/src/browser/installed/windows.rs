//! The programs that registered themselves as browsers
//! ([Registering Programs with Client Types](https://learn.microsoft.com/windows/win32/shell/reg-middleware-apps)).

use std::path::Path;

use windows_registry::{CURRENT_USER, Key, LOCAL_MACHINE};

use super::InstalledBrowser;
use crate::browser::BrowserCommand;

const CLIENTS: &str = r"SOFTWARE\Clients\StartMenuInternet";
const CHOICE: &str =
    r"Software\Microsoft\Windows\Shell\Associations\UrlAssociations\https\UserChoice";

pub(super) fn installed() -> Vec<InstalledBrowser> {
    let chosen = CURRENT_USER
        .open(CHOICE)
        .and_then(|key| key.get_string("ProgId"))
        .ok();
    let mut browsers: Vec<InstalledBrowser> = Vec::new();
    for root in [CURRENT_USER, LOCAL_MACHINE] {
        let Ok(clients) = root.open(CLIENTS) else {
            continue;
        };
        let Ok(names) = clients.keys() else {
            continue;
        };
        for client in names {
            let browser = clients
                .open(&client)
                .ok()
                .and_then(|key| browser(&key, &client, chosen.as_deref()));
            // A person's own installation goes before the computer's.
            if let Some(browser) = browser
                && !browsers.iter().any(|other| other.name == browser.name)
            {
                browsers.push(browser);
            }
        }
    }
    browsers
}

fn browser(key: &Key, client: &str, chosen: Option<&str>) -> Option<InstalledBrowser> {
    let text = key
        .open(r"shell\open\command")
        .and_then(|key| key.get_string(""))
        .ok()?;
    // Some write a path with spaces without quotes.
    let command = if Path::new(&text).is_file() {
        BrowserCommand::of_words(vec![text])
    } else {
        BrowserCommand::read(&text).ok()
    }?;
    let handler = key
        .open(r"Capabilities\URLAssociations")
        .and_then(|key| key.get_string("https"))
        .ok();
    Some(InstalledBrowser {
        name: key
            .get_string("")
            .ok()
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| client.to_owned()),
        command,
        is_default: handler.is_some() && handler.as_deref() == chosen,
    })
}
