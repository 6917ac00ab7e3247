//! What the app is started for. Anybody on this computer can start it with any arguments, so only two are known.

use doorkey_core::EDITION;

/// The scheme of the app's links.
pub(crate) const SCHEME: &str = EDITION.scheme;

/// Starts without a window: for starting at login.
pub(crate) const HIDDEN: &str = "--hidden";

/// What a start asks for.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Start {
    /// To see the window.
    Window,
    /// Nothing but a tray icon.
    Hidden,
    /// To take a link, which may carry a code: it is never printed.
    Link(String),
}

impl Start {
    /// Reads the arguments behind the program's name. Whatever is not known asks for the window.
    pub(crate) fn of(arguments: impl IntoIterator<Item = String>) -> Self {
        let mut arguments = arguments.into_iter();
        match (arguments.next(), arguments.next()) {
            (Some(link), None) if is_link(&link) => Self::Link(link),
            (Some(only), None) if only == HIDDEN => Self::Hidden,
            _ => Self::Window,
        }
    }
}

fn is_link(text: &str) -> bool {
    text.split_once(':')
        .is_some_and(|(scheme, _)| scheme.eq_ignore_ascii_case(SCHEME))
}

impl std::fmt::Debug for Start {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Window => "Window",
            Self::Hidden => "Hidden",
            Self::Link(_) => "Link",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(arguments: &[&str]) -> Start {
        Start::of(arguments.iter().map(|&argument| argument.to_owned()))
    }

    #[test]
    fn f08_one_link_and_nothing_else_is_a_link() {
        let link = &*format!("{SCHEME}:/callback?code=a&state=b");
        assert_eq!(start(&[link]), Start::Link(link.to_owned()));
        for others in [
            &[][..],
            &[link, link],
            &["--hidden", link],
            &[link, "--hidden"],
            &["--help"],
            &[&*format!("https://{SCHEME}:/callback")],
            &[SCHEME],
            &[""],
            &["a b \" ' %u"],
        ] {
            assert_eq!(start(others), Start::Window, "{others:?}");
        }
        assert_eq!(start(&["--hidden"]), Start::Hidden);
    }

    #[test]
    fn f16_a_link_is_never_printed() {
        assert_eq!(
            format!(
                "{:?}",
                start(&[&*format!("{SCHEME}:/callback?code=canary")])
            ),
            "Link"
        );
    }
}
