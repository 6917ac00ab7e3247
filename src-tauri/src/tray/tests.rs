use super::*;
use crate::view::{Channel, KeychainView, Problem, SessionView, SettingsView, Theme};

fn profile(name: &str, stands: ProfileStands, account: Option<&str>) -> ProfileView {
    ProfileView {
        name: name.to_owned(),
        provider: format!("{name}.example.com"),
        issuer: format!("https://{name}.example.com"),
        api: Vec::new(),
        demo: false,
        stands,
        account: account.map(str::to_owned),
        channel: Channel::Loopback,
        offers_code: false,
        unusable: None,
        templates: Vec::new(),
    }
}

fn view(profiles: Vec<ProfileView>) -> View {
    View {
        revision: 1,
        selected: profiles[0].name.clone(),
        profiles,
        session: SessionView::SignedOut,
        problem: None,
        signed_out: None,
        keychain: KeychainView::Keychain,
        flow: None,
        flows: Vec::new(),
        calls: Vec::new(),
        token_generation: 0,
        updates: None,
        settings: SettingsView {
            theme: Theme::System,
            browser: None,
            browsers: Vec::new(),
            close_to_tray: true,
            tray: true,
            start_at_login: None,
            version: String::new(),
        },
    }
}

fn one(stands: ProfileStands, account: Option<&str>) -> View {
    view(vec![profile("work", stands, account)])
}

fn text(text: &str) -> Entry {
    Entry::Text(text.to_owned())
}

#[test]
fn the_tray_of_every_state() {
    use ProfileStands::{
        Exchanging, Expired, Restoring, SignedIn, SignedOut, SigningOut, Unknown, WaitingForBrowser,
    };
    let name = || "work".to_owned();
    for (stands, icon, tooltip, state, action) in [
        (
            Unknown,
            Icon::SignedOut,
            "signed out",
            "Not known yet",
            None,
        ),
        (
            SignedOut,
            Icon::SignedOut,
            "signed out",
            "Signed out",
            Some(Choice::SignIn(name())),
        ),
        (
            Restoring,
            Icon::Waiting,
            "restoring the session…",
            "Restoring the session…",
            None,
        ),
        (
            WaitingForBrowser,
            Icon::Waiting,
            "waiting for the browser…",
            "Waiting for the browser…",
            Some(Choice::CancelSignIn(name())),
        ),
        (
            Exchanging,
            Icon::Waiting,
            "finishing the sign-in…",
            "Finishing the sign-in…",
            Some(Choice::CancelSignIn(name())),
        ),
        (
            SignedIn,
            Icon::SignedIn,
            "Ada Moreno at work.example.com",
            "Ada Moreno",
            Some(Choice::LogOut(name())),
        ),
        (
            SigningOut,
            Icon::Waiting,
            "signing out…",
            "Signing out…",
            None,
        ),
        (
            Expired,
            Icon::Attention,
            "the sign-in of Ada Moreno has ended",
            "Sign in again",
            Some(Choice::SignIn(name())),
        ),
    ] {
        let mut menu = vec![text(state)];
        menu.extend(action.map(Entry::Item));
        menu.extend([
            Entry::Separator,
            Entry::Item(Choice::Open),
            Entry::Item(Choice::Quit),
        ]);
        let expected = Tray {
            icon,
            tooltip: format!("Doorkey: {tooltip}"),
            menu,
        };
        assert_eq!(Tray::of(&one(stands, Some("Ada Moreno"))), expected);
    }
}

#[test]
fn each_profile_has_its_own_entry() {
    let mut several = view(vec![
        profile("home", ProfileStands::SignedOut, None),
        profile("work", ProfileStands::SignedIn, Some("Ada Moreno")),
    ]);
    let tray = Tray::of(&several);
    assert_eq!(
        tray.menu,
        [
            text("home: Signed out"),
            Entry::Item(Choice::SignIn("home".to_owned())),
            Entry::Separator,
            text("work: Ada Moreno"),
            Entry::Item(Choice::LogOut("work".to_owned())),
            Entry::Separator,
            Entry::Item(Choice::Open),
            Entry::Item(Choice::Quit),
        ]
    );
    assert_eq!(tray.icon, Icon::SignedIn);
    assert_eq!(tray.tooltip, "Doorkey: Ada Moreno at work.example.com");

    several.profiles[0] = profile("home", ProfileStands::SignedIn, Some("Ben"));
    assert_eq!(
        Tray::of(&several).tooltip,
        "Doorkey: signed in with 2 profiles"
    );
    several.profiles[1].stands = ProfileStands::Expired;
    let tray = Tray::of(&several);
    assert_eq!(tray.icon, Icon::Attention);
    assert_eq!(tray.tooltip, "Doorkey: the sign-in of Ada Moreno has ended");
}

#[test]
fn a_failed_sign_in_wants_attention_and_the_tooltip_says_why() {
    let mut failed = one(ProfileStands::Failed, None);
    failed.problem = Some(Problem::new("timed_out", "No answer came.", "Start again."));
    let tray = Tray::of(&failed);
    assert_eq!(tray.icon, Icon::Attention);
    assert_eq!(tray.tooltip, "Doorkey: No answer came.");
    assert_eq!(
        tray.menu[..2],
        [
            text("Something went wrong"),
            Entry::Item(Choice::SignIn("work".to_owned()))
        ]
    );
    failed.selected = "home".to_owned();
    assert_eq!(
        Tray::of(&failed).tooltip,
        "Doorkey: the sign-in with work has failed"
    );
}

#[test]
fn names_that_are_absent_or_endless_still_make_a_menu() {
    assert_eq!(
        Tray::of(&one(ProfileStands::SignedIn, None)).menu[0],
        text("Somebody, unnamed")
    );
    let endless = "ä".repeat(256);
    let Entry::Text(name) = &Tray::of(&one(ProfileStands::SignedIn, Some(&endless))).menu[0] else {
        panic!("a name")
    };
    assert_eq!(name.chars().count(), LONGEST_NAME);
}

#[test]
fn a_menu_stays_short() {
    let profiles = (0..40)
        .map(|number| profile(&format!("p{number}"), ProfileStands::SignedOut, None))
        .collect();
    let menu = Tray::of(&view(profiles)).menu;
    assert_eq!(menu.len(), 3 * MOST_PROFILES + 4);
    assert!(menu.contains(&text("More profiles are in the window")));
}

#[test]
fn every_choice_is_found_by_its_id() {
    let name = || "work".to_owned();
    for choice in [
        Choice::SignIn(name()),
        Choice::CancelSignIn(name()),
        Choice::LogOut(name()),
        Choice::Open,
        Choice::Quit,
    ] {
        assert_eq!(Choice::with_id(&choice.id()), Some(choice));
    }
    for stranger in ["format-disk", "open x", "quit ", ""] {
        assert_eq!(Choice::with_id(stranger), None, "{stranger:?}");
    }
}
