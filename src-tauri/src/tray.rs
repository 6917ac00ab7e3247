//! The tray as data: what its menu, icon and tooltip are for a view.

use crate::request::Request;
use crate::view::{AccountView, SessionView, View};

/// Longer names are cut: a menu is no place to read.
const LONGEST_NAME: usize = 40;

/// All that a tray shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tray {
    /// Which icon.
    pub icon: Icon,
    /// What a pointer that rests on it reads.
    pub tooltip: String,
    /// The menu, from top to bottom.
    pub menu: Vec<Entry>,
}

/// The icons, which differ in shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// Nobody is signed in: an empty key.
    SignedOut,
    /// Something is under way: half full.
    Waiting,
    /// Somebody is signed in: full.
    SignedIn,
    /// Somebody has to look: a dot.
    Attention,
}

/// An entry of the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Text that cannot be pressed.
    Text(String),
    /// Something to press.
    Item(Choice),
    /// A line between groups.
    Separator,
}

/// What can be pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Begin a sign-in.
    SignIn,
    /// Stop waiting for the browser.
    CancelSignIn,
    /// Sign out.
    LogOut,
    /// Show the window.
    Open,
    /// End the app.
    Quit,
}

impl Choice {
    /// Every choice there is.
    pub const ALL: [Self; 5] = [
        Self::SignIn,
        Self::CancelSignIn,
        Self::LogOut,
        Self::Open,
        Self::Quit,
    ];

    /// What people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::SignIn => "Sign in…",
            Self::CancelSignIn => "Cancel sign-in",
            Self::LogOut => "Log out",
            Self::Open => "Open Doorkey",
            Self::Quit => "Quit",
        }
    }

    /// The name that the menu knows it by.
    pub fn id(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::CancelSignIn => "cancel-sign-in",
            Self::LogOut => "log-out",
            Self::Open => "open",
            Self::Quit => "quit",
        }
    }

    /// The choice with an id.
    pub fn with_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.id() == id)
    }

    /// What it asks for.
    pub fn request(self) -> Request {
        match self {
            Self::SignIn => Request::SignIn { profile: None },
            Self::CancelSignIn => Request::CancelSignIn,
            Self::LogOut => Request::SignOut { end_session: false },
            Self::Open => Request::ShowWindow,
            Self::Quit => Request::Quit,
        }
    }
}

impl Tray {
    /// The tray of a view.
    pub fn of(view: &View) -> Self {
        let state = state(view);
        let mut menu = vec![Entry::Text(state.clone())];
        menu.extend(action(&view.session).map(Entry::Item));
        menu.extend([
            Entry::Separator,
            Entry::Item(Choice::Open),
            Entry::Item(Choice::Quit),
        ]);
        Self {
            icon: icon(view),
            tooltip: tooltip(view, &state),
            menu,
        }
    }
}

fn icon(view: &View) -> Icon {
    match &view.session {
        SessionView::SignedIn { .. } => Icon::SignedIn,
        SessionView::Expired { .. } => Icon::Attention,
        SessionView::SignedOut if view.problem.is_some() => Icon::Attention,
        SessionView::SignedOut => Icon::SignedOut,
        SessionView::Restoring
        | SessionView::WaitingForBrowser { .. }
        | SessionView::Exchanging
        | SessionView::SigningOut => Icon::Waiting,
    }
}

/// Who is signed in, or how things stand.
fn state(view: &View) -> String {
    match &view.session {
        SessionView::SignedOut if view.problem.is_some() => "Something went wrong".to_owned(),
        SessionView::SignedOut => "Signed out".to_owned(),
        SessionView::Restoring => "Restoring the session…".to_owned(),
        SessionView::WaitingForBrowser { .. } => "Waiting for the browser…".to_owned(),
        SessionView::Exchanging => "Finishing the sign-in…".to_owned(),
        SessionView::SignedIn { account, .. } => name(account),
        SessionView::SigningOut => "Signing out…".to_owned(),
        SessionView::Expired { .. } => "Sign in again".to_owned(),
    }
}

fn action(session: &SessionView) -> Option<Choice> {
    match session {
        SessionView::SignedOut | SessionView::Expired { .. } => Some(Choice::SignIn),
        SessionView::WaitingForBrowser { .. } | SessionView::Exchanging => {
            Some(Choice::CancelSignIn)
        }
        SessionView::SignedIn { .. } => Some(Choice::LogOut),
        SessionView::Restoring | SessionView::SigningOut => None,
    }
}

fn tooltip(view: &View, state: &str) -> String {
    let provider = view
        .profiles
        .iter()
        .find(|profile| profile.name == view.selected)
        .map_or("", |profile| profile.provider.as_str());
    match &view.session {
        SessionView::SignedIn { .. } => format!("Doorkey: {state} at {}", short(provider)),
        SessionView::Expired { account } => {
            format!("Doorkey: the sign-in of {} has ended", name(account))
        }
        SessionView::SignedOut => match &view.problem {
            Some(problem) => format!("Doorkey: {}", problem.message),
            None => "Doorkey: signed out".to_owned(),
        },
        _ => format!("Doorkey: {}", state.to_lowercase()),
    }
}

fn name(account: &AccountView) -> String {
    if account.name.is_empty() {
        "Somebody, unnamed".to_owned()
    } else {
        short(&account.name)
    }
}

fn short(text: &str) -> String {
    if text.chars().count() <= LONGEST_NAME {
        return text.to_owned();
    }
    let start: String = text.chars().take(LONGEST_NAME - 1).collect();
    format!("{}…", start.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::{KeychainView, Problem, ProfileView};

    fn view(session: SessionView) -> View {
        View {
            revision: 1,
            profiles: vec![ProfileView {
                name: "work".to_owned(),
                provider: "login.example.com".to_owned(),
                issuer: "https://login.example.com".to_owned(),
                api: Vec::new(),
                demo: false,
                templates: Vec::new(),
            }],
            selected: "work".to_owned(),
            session,
            problem: None,
            signed_out: None,
            keychain: KeychainView::Keychain,
            flow: Vec::new(),
        }
    }

    fn signed_in(name: &str) -> SessionView {
        SessionView::SignedIn {
            account: account(name),
            fresh_until: None,
            refreshable: true,
            refreshing: false,
            scopes: Vec::new(),
            can_end_session: false,
        }
    }

    fn account(name: &str) -> AccountView {
        AccountView {
            name: name.to_owned(),
            ..AccountView::default()
        }
    }

    fn tray(icon: Icon, tooltip: &str, state: &str, action: Option<Choice>) -> Tray {
        let mut menu = vec![Entry::Text(state.to_owned())];
        menu.extend(action.map(Entry::Item));
        menu.extend([
            Entry::Separator,
            Entry::Item(Choice::Open),
            Entry::Item(Choice::Quit),
        ]);
        Tray {
            icon,
            tooltip: tooltip.to_owned(),
            menu,
        }
    }

    #[test]
    fn the_tray_of_every_state() {
        let waiting = SessionView::WaitingForBrowser {
            since: 0,
            deadline: 1,
            browser_opened: true,
        };
        let expired = SessionView::Expired {
            account: account("Ada Moreno"),
        };
        for (session, expected) in [
            (
                SessionView::SignedOut,
                tray(
                    Icon::SignedOut,
                    "Doorkey: signed out",
                    "Signed out",
                    Some(Choice::SignIn),
                ),
            ),
            (
                SessionView::Restoring,
                tray(
                    Icon::Waiting,
                    "Doorkey: restoring the session…",
                    "Restoring the session…",
                    None,
                ),
            ),
            (
                waiting,
                tray(
                    Icon::Waiting,
                    "Doorkey: waiting for the browser…",
                    "Waiting for the browser…",
                    Some(Choice::CancelSignIn),
                ),
            ),
            (
                SessionView::Exchanging,
                tray(
                    Icon::Waiting,
                    "Doorkey: finishing the sign-in…",
                    "Finishing the sign-in…",
                    Some(Choice::CancelSignIn),
                ),
            ),
            (
                signed_in("Ada Moreno"),
                tray(
                    Icon::SignedIn,
                    "Doorkey: Ada Moreno at login.example.com",
                    "Ada Moreno",
                    Some(Choice::LogOut),
                ),
            ),
            (
                SessionView::SigningOut,
                tray(Icon::Waiting, "Doorkey: signing out…", "Signing out…", None),
            ),
            (
                expired,
                tray(
                    Icon::Attention,
                    "Doorkey: the sign-in of Ada Moreno has ended",
                    "Sign in again",
                    Some(Choice::SignIn),
                ),
            ),
        ] {
            assert_eq!(Tray::of(&view(session)), expected);
        }
    }

    #[test]
    fn a_failed_sign_in_wants_attention_and_the_tooltip_says_why() {
        let mut failed = view(SessionView::SignedOut);
        failed.problem = Some(Problem::new("timed_out", "No answer came.", "Start again."));
        assert_eq!(
            Tray::of(&failed),
            tray(
                Icon::Attention,
                "Doorkey: No answer came.",
                "Something went wrong",
                Some(Choice::SignIn)
            )
        );
    }

    #[test]
    fn names_that_are_absent_or_endless_still_make_a_menu() {
        assert_eq!(
            Tray::of(&view(signed_in(""))).menu[0],
            Entry::Text("Somebody, unnamed".to_owned())
        );
        let Entry::Text(name) = &Tray::of(&view(signed_in(&"ä".repeat(256)))).menu[0] else {
            panic!("a name")
        };
        assert_eq!(name.chars().count(), LONGEST_NAME);
    }

    #[test]
    fn every_choice_is_found_by_its_id() {
        for choice in Choice::ALL {
            assert_eq!(Choice::with_id(choice.id()), Some(choice));
        }
        assert_eq!(Choice::with_id("format-disk"), None);
    }
}
