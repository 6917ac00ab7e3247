//! The tray as data: what its menu, icon and tooltip are for a view.

#[cfg(test)]
mod tests;

use crate::request::{Request, Way};
use crate::view::{ProfileStands, ProfileView, View};

/// Longer names are cut: a menu is no place to read.
const LONGEST_NAME: usize = 40;

/// So many profiles have a place in the menu. Nobody finds anything in a longer one.
const MOST_PROFILES: usize = 8;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Icon {
    /// Nobody is signed in: an empty key.
    SignedOut,
    /// Somebody is signed in: full.
    SignedIn,
    /// Something is under way: half full.
    Waiting,
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Begin a sign-in with this profile.
    SignIn(String),
    /// Stop waiting for the person.
    CancelSignIn(String),
    /// Sign out of this profile.
    LogOut(String),
    /// Show the window.
    Open,
    /// End the app.
    Quit,
}

impl Choice {
    /// What people read.
    pub fn label(&self) -> &'static str {
        match self {
            Self::SignIn(_) => "Sign in…",
            Self::CancelSignIn(_) => "Cancel sign-in",
            Self::LogOut(_) => "Log out",
            Self::Open => "Open Doorkey",
            Self::Quit => "Quit",
        }
    }

    /// The name that the menu knows it by.
    pub fn id(&self) -> String {
        match self {
            Self::SignIn(profile) => format!("sign-in {profile}"),
            Self::CancelSignIn(profile) => format!("cancel-sign-in {profile}"),
            Self::LogOut(profile) => format!("log-out {profile}"),
            Self::Open => "open".to_owned(),
            Self::Quit => "quit".to_owned(),
        }
    }

    /// The choice with an id.
    pub fn with_id(id: &str) -> Option<Self> {
        let (kind, profile) = id.split_once(' ').unwrap_or((id, ""));
        let choice = match kind {
            "sign-in" => Self::SignIn(profile.to_owned()),
            "cancel-sign-in" => Self::CancelSignIn(profile.to_owned()),
            "log-out" => Self::LogOut(profile.to_owned()),
            "open" => Self::Open,
            "quit" => Self::Quit,
            _ => return None,
        };
        (choice.id() == id).then_some(choice)
    }

    /// What it asks for.
    pub fn request(self) -> Request {
        match self {
            Self::SignIn(profile) => Request::SignIn {
                profile,
                way: Way::Browser,
            },
            Self::CancelSignIn(profile) => Request::CancelSignIn {
                profile: Some(profile),
            },
            Self::LogOut(profile) => Request::SignOut {
                profile: Some(profile),
                end_session: false,
            },
            Self::Open => Request::ShowWindow,
            Self::Quit => Request::Quit,
        }
    }
}

impl Tray {
    /// The tray of a view.
    pub fn of(view: &View) -> Self {
        Self {
            icon: view
                .profiles
                .iter()
                .map(icon)
                .max()
                .unwrap_or(Icon::SignedOut),
            tooltip: tooltip(view),
            menu: menu(view),
        }
    }
}

fn icon(profile: &ProfileView) -> Icon {
    match profile.stands {
        ProfileStands::Unknown | ProfileStands::SignedOut => Icon::SignedOut,
        ProfileStands::Failed | ProfileStands::Expired => Icon::Attention,
        ProfileStands::Restoring
        | ProfileStands::WaitingForBrowser
        | ProfileStands::WaitingForCode
        | ProfileStands::Exchanging
        | ProfileStands::SigningOut => Icon::Waiting,
        ProfileStands::SignedIn => Icon::SignedIn,
    }
}

/// A group for each profile, and what is there always. Where there is one profile only it is not named.
fn menu(view: &View) -> Vec<Entry> {
    let alone = view.profiles.len() == 1;
    let mut menu = Vec::new();
    for profile in view.profiles.iter().take(MOST_PROFILES) {
        let state = state(profile);
        menu.push(Entry::Text(if alone {
            state
        } else {
            format!("{}: {state}", profile.name)
        }));
        menu.extend(action(profile).map(Entry::Item));
        menu.push(Entry::Separator);
    }
    if view.profiles.len() > MOST_PROFILES {
        menu.push(Entry::Text("More profiles are in the window".to_owned()));
        menu.push(Entry::Separator);
    }
    menu.extend([Entry::Item(Choice::Open), Entry::Item(Choice::Quit)]);
    menu
}

/// Who is signed in, or how things stand.
fn state(profile: &ProfileView) -> String {
    match profile.stands {
        ProfileStands::Unknown => "Not known yet".to_owned(),
        ProfileStands::Failed => "Something went wrong".to_owned(),
        ProfileStands::SignedOut => "Signed out".to_owned(),
        ProfileStands::Restoring => "Restoring the session…".to_owned(),
        ProfileStands::WaitingForBrowser => "Waiting for the browser…".to_owned(),
        ProfileStands::WaitingForCode => "Waiting for the code…".to_owned(),
        ProfileStands::Exchanging => "Finishing the sign-in…".to_owned(),
        ProfileStands::SignedIn => account(profile),
        ProfileStands::SigningOut => "Signing out…".to_owned(),
        ProfileStands::Expired => "Sign in again".to_owned(),
    }
}

fn action(profile: &ProfileView) -> Option<Choice> {
    let name = profile.name.clone();
    match profile.stands {
        ProfileStands::SignedOut | ProfileStands::Failed | ProfileStands::Expired => {
            Some(Choice::SignIn(name))
        }
        ProfileStands::WaitingForBrowser
        | ProfileStands::WaitingForCode
        | ProfileStands::Exchanging => Some(Choice::CancelSignIn(name)),
        ProfileStands::SignedIn => Some(Choice::LogOut(name)),
        ProfileStands::Unknown | ProfileStands::Restoring | ProfileStands::SigningOut => None,
    }
}

/// One sentence about the profile that wants most to be looked at.
fn tooltip(view: &View) -> String {
    let Some(first) = view
        .profiles
        .iter()
        .rev()
        .max_by_key(|profile| (icon(profile), profile.name == view.selected))
    else {
        return "Doorkey".to_owned();
    };
    match first.stands {
        ProfileStands::SignedIn => {
            let signed_in = view
                .profiles
                .iter()
                .filter(|profile| profile.stands == ProfileStands::SignedIn)
                .count();
            if signed_in == 1 {
                format!("Doorkey: {} at {}", account(first), short(&first.provider))
            } else {
                format!("Doorkey: signed in with {signed_in} profiles")
            }
        }
        ProfileStands::Expired => format!("Doorkey: the sign-in of {} has ended", account(first)),
        ProfileStands::Failed => match &view.problem {
            Some(problem) if first.name == view.selected => format!("Doorkey: {}", problem.message),
            _ => format!("Doorkey: the sign-in with {} has failed", first.name),
        },
        ProfileStands::Unknown | ProfileStands::SignedOut => "Doorkey: signed out".to_owned(),
        _ => format!("Doorkey: {}", state(first).to_lowercase()),
    }
}

fn account(profile: &ProfileView) -> String {
    match profile.account.as_deref() {
        None | Some("") => "Somebody, unnamed".to_owned(),
        Some(name) => short(name),
    }
}

fn short(text: &str) -> String {
    if text.chars().count() <= LONGEST_NAME {
        return text.to_owned();
    }
    let start: String = text.chars().take(LONGEST_NAME - 1).collect();
    format!("{}…", start.trim_end())
}
