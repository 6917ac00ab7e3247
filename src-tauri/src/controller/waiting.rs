//! A sign-in that waits for the person: in a browser here, or with a code in a browser anywhere.

use std::time::SystemTime;

use doorkey_core::{DeviceSignIn, PasteHandle};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use url::{Host, Url};

use super::attempt::Ending;
use crate::flow::milliseconds;
use crate::qr;
use crate::view::{BrowserStart, Channel, CodeView, ProfileStands, SessionView};

#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) since: SystemTime,
    pub(super) awaited: Awaited,
    pub(super) cancel: CancellationToken,
    /// None once it is awaited.
    pub(super) task: Option<JoinHandle<Ending>>,
}

/// What the person is waited for.
#[derive(Debug)]
pub(super) enum Awaited {
    /// To come back from the browser.
    Browser(BrowserWait),
    /// To type the code; none until the provider has issued one.
    Code(Option<Box<Issued>>),
}

#[derive(Debug)]
pub(super) struct BrowserWait {
    pub(super) deadline: SystemTime,
    pub(super) browser: BrowserStart,
    pub(super) browser_name: Option<String>,
    pub(super) channel: Channel,
    pub(super) pasteable: bool,
    /// None until the provider has said where it is.
    pub(super) link: Option<Url>,
    pub(super) paste: Option<PasteHandle>,
}

/// A code to type, and the page for it.
#[derive(Debug)]
pub(super) struct Issued {
    view: CodeView,
    /// The page as it is opened here: with the code in it if the provider has one.
    page: Url,
    /// The page as a person types it.
    address: Url,
}

impl Issued {
    pub(super) fn of(sign_in: &DeviceSignIn) -> Self {
        let address = sign_in.verification_uri();
        let complete = sign_in.verification_uri_complete();
        let page = complete.unwrap_or(address);
        Self {
            view: CodeView {
                code: sign_in.user_code().to_owned(),
                address: address.to_string(),
                here_only: is_here(address),
                complete: complete.is_some(),
                picture: qr::draw(page.as_str()),
                deadline: milliseconds(sign_in.expires_at()),
                opened: None,
            },
            page: page.clone(),
            address: address.clone(),
        }
    }
}

impl Waiting {
    pub(super) fn view(&self) -> SessionView {
        let since = milliseconds(self.since);
        match &self.awaited {
            Awaited::Browser(wait) => SessionView::WaitingForBrowser {
                since,
                deadline: milliseconds(wait.deadline),
                browser: wait.browser,
                browser_name: wait.browser_name.clone(),
                channel: wait.channel,
                pasteable: wait.pasteable,
            },
            Awaited::Code(issued) => SessionView::WaitingForCode {
                since,
                code: issued.as_ref().map(|issued| issued.view.clone()),
            },
        }
    }

    pub(super) fn stands(&self) -> ProfileStands {
        match self.awaited {
            Awaited::Browser(_) => ProfileStands::WaitingForBrowser,
            Awaited::Code(_) => ProfileStands::WaitingForCode,
        }
    }

    /// Where the browser is sent; nothing until the provider has said so.
    pub(super) fn to_open(&self) -> Option<&Url> {
        match &self.awaited {
            Awaited::Browser(wait) => wait.link.as_ref(),
            Awaited::Code(issued) => issued.as_ref().map(|issued| &issued.page),
        }
    }

    /// What a person copies to go there by themselves. The code is not in it: they have that.
    pub(super) fn to_copy(&self) -> Option<&Url> {
        match &self.awaited {
            Awaited::Browser(wait) => wait.link.as_ref(),
            Awaited::Code(issued) => issued.as_ref().map(|issued| &issued.address),
        }
    }

    /// Where the address goes that the browser landed on.
    pub(super) fn to_paste(&self) -> Option<&PasteHandle> {
        match &self.awaited {
            Awaited::Browser(wait) => wait.paste.as_ref(),
            Awaited::Code(_) => None,
        }
    }

    /// The provider has said where to sign in, and the browser was opened, or could not be.
    pub(super) fn asked(
        &mut self,
        link: Url,
        paste: PasteHandle,
        deadline: SystemTime,
        opened: bool,
    ) {
        if let Awaited::Browser(wait) = &mut self.awaited {
            wait.link = Some(link);
            wait.paste = Some(paste);
            wait.deadline = deadline;
            wait.browser = started(opened);
        }
    }

    /// The provider has issued a code.
    pub(super) fn issued(&mut self, code: Box<Issued>) {
        if let Awaited::Code(issued) = &mut self.awaited {
            *issued = Some(code);
        }
    }

    /// A browser was opened once more, or could not be.
    pub(super) fn opened(&mut self, opened: bool) {
        match &mut self.awaited {
            Awaited::Browser(wait) => wait.browser = started(opened),
            Awaited::Code(Some(issued)) => issued.view.opened = Some(opened),
            Awaited::Code(None) => {}
        }
    }
}

/// Whether an address is on this computer, whoever asks for it.
fn is_here(address: &Url) -> bool {
    match address.host() {
        Some(Host::Ipv4(host)) => host.is_loopback(),
        Some(Host::Ipv6(host)) => host.is_loopback(),
        Some(Host::Domain(host)) => host == "localhost" || host.ends_with(".localhost"),
        None => false,
    }
}

fn started(opened: bool) -> BrowserStart {
    if opened {
        BrowserStart::Opened
    } else {
        BrowserStart::Failed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_on_this_computer_is_told_from_one_that_a_phone_can_reach() {
        for (address, here) in [
            ("http://127.0.0.1:4180/device", true),
            ("http://[::1]/device", true),
            ("http://localhost:8080/device", true),
            ("https://login.example.com/device", false),
            ("https://192.168.1.4/device", false),
            ("https://localhost.example.com/device", false),
        ] {
            assert_eq!(is_here(&address.parse().unwrap()), here, "{address}");
        }
    }
}
