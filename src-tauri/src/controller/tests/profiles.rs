use doorkey_tests::agent::Person;

use super::app::{App, Place};
use crate::request::{Request, Way};
use crate::view::{CheckOutcome, FieldValue, ProfileForm, ProfileStands, SessionView, View};

async fn form(app: &App, name: &str) -> ProfileForm {
    app.handle.profile_form(name.to_owned()).await.unwrap()
}

fn set(form: &mut ProfileForm, field: &str, value: &str) {
    form.values.retain(|set| set.field != field);
    form.values.push(FieldValue {
        field: field.to_owned(),
        value: value.to_owned(),
    });
}

async fn save(app: &App, form: ProfileForm, replaces: Option<&str>) {
    app.ask(Request::SaveProfile {
        form,
        replaces: replaces.map(str::to_owned),
    })
    .await;
}

fn names(view: &View) -> Vec<&str> {
    view.profiles
        .iter()
        .map(|profile| profile.name.as_str())
        .collect()
}

#[tokio::test]
async fn a_profile_is_added_signed_in_with_and_removed() {
    let place = Place::new().await;
    let mut app = place.start();
    app.when_signed_out().await;
    let mut copy = form(&app, "work").await;
    copy.name = "third".to_owned();
    save(&app, copy, None).await;
    app.when(|view| names(view) == ["demo", "home", "third", "work"])
        .await;
    app.ask(Request::SignIn {
        profile: "third".to_owned(),
        way: Way::Browser,
    })
    .await;
    app.walk(&Person::default()).await;
    let view = app.when_signed_in().await;
    assert_eq!(view.selected, "third");

    app.ask(Request::RemoveProfile {
        profile: "third".to_owned(),
    })
    .await;
    let view = app
        .when(|view| names(view) == ["demo", "home", "work"])
        .await;
    assert_ne!(view.selected, "third");
    assert!(
        place.store.names().is_empty(),
        "its session is gone from the keychain"
    );
}

#[tokio::test]
async fn what_is_wrong_with_a_form_is_told_at_its_field_and_nothing_is_saved() {
    let place = Place::new().await;
    let app = place.start();
    app.when_signed_out().await;
    let good = form(&app, "work").await;
    let mut wrong_issuer = good.clone();
    set(&mut wrong_issuer, "issuer", "ftp://login.example.com");
    let mut taken = good.clone();
    taken.name = "home".to_owned();
    let mut nameless = good.clone();
    nameless.name = "no such name".to_owned();
    for (form, replaces, field) in [
        (wrong_issuer, Some("work"), "issuer"),
        (taken, None, "name"),
        (nameless, None, "name"),
    ] {
        let problem = app
            .handle
            .ask(Request::SaveProfile {
                form,
                replaces: replaces.map(str::to_owned),
            })
            .await
            .unwrap_err();
        assert_eq!(problem.field.as_deref(), Some(field), "{problem:?}");
        assert!(!problem.hint.is_empty());
    }
    assert_eq!(form(&app, "work").await, good);
}

#[tokio::test]
async fn a_renamed_profile_keeps_its_session() {
    let place = Place::new().await;
    let mut app = place.start();
    app.sign_in().await;
    let mut renamed = form(&app, "work").await;
    renamed.name = "office".to_owned();
    save(&app, renamed, Some("work")).await;
    let view = app
        .when(|view| {
            view.selected == "office" && matches!(view.session, SessionView::SignedIn { .. })
        })
        .await;
    assert_eq!(names(&view), ["demo", "home", "office"]);
    assert!(
        !view.flows.is_empty(),
        "what happened with it is still told"
    );
    assert!(
        app.opened.try_recv().is_err(),
        "nobody had to sign in again"
    );
}

#[tokio::test]
async fn an_edited_profile_goes_on_and_one_for_another_client_is_signed_out() {
    let place = Place::new().await;
    let mut app = place.start();
    app.sign_in().await;
    let mut edited = form(&app, "work").await;
    set(&mut edited, "timeout_seconds", "60");
    save(&app, edited.clone(), Some("work")).await;
    app.when(|view| matches!(view.session, SessionView::SignedIn { .. }))
        .await;
    assert_eq!(place.profile("work").timeout().as_secs(), 60);

    set(&mut edited, "client_id", "another-client");
    save(&app, edited, Some("work")).await;
    app.when_signed_out().await;
    assert!(place.store.names().is_empty());
}

#[tokio::test]
async fn a_test_tells_what_works_without_signing_in() {
    let place = Place::new().await;
    let mut app = place.start();
    app.when_signed_out().await;
    let good = form(&app, "work").await;
    let checks = app.handle.test_profile(good.clone()).await.unwrap();
    assert!(checks.len() > 3, "{checks:#?}");
    let failed = |checks: &[crate::view::CheckView]| {
        checks
            .iter()
            .any(|check| check.outcome == CheckOutcome::Failed)
    };
    assert!(!failed(&checks), "{checks:#?}");
    place.provider.shutdown().await;
    let checks = app.handle.test_profile(good).await.unwrap();
    assert!(failed(&checks), "{checks:#?}");
    assert!(app.opened.try_recv().is_err());
}

#[tokio::test]
async fn what_a_person_edits_by_hand_shows_without_a_restart() {
    let place = Place::new().await;
    let app = place.start();
    app.when_signed_out().await;
    let folder = place.config().join("profiles");
    std::fs::copy(folder.join("work.toml"), folder.join("by-hand.toml")).unwrap();
    app.when(|view| names(view).contains(&"by-hand")).await;
    std::fs::write(folder.join("by-hand.toml"), "issuer = 3\n").unwrap();
    let view = app
        .when(|view| {
            view.profiles
                .iter()
                .any(|profile| profile.unusable.is_some())
        })
        .await;
    let broken = view
        .profiles
        .iter()
        .find(|profile| profile.name == "by-hand");
    assert_eq!(broken.unwrap().stands, ProfileStands::Failed);
    // Repaired, it is as good as any.
    std::fs::copy(folder.join("work.toml"), folder.join("by-hand.toml")).unwrap();
    app.when(|view| {
        view.profiles
            .iter()
            .any(|profile| profile.name == "by-hand" && profile.stands == ProfileStands::SignedOut)
    })
    .await;
    std::fs::remove_file(folder.join("by-hand.toml")).unwrap();
    app.when(|view| !names(view).contains(&"by-hand")).await;
}

#[tokio::test]
async fn a_profile_that_cannot_be_used_keeps_no_other_from_being_restored() {
    let place = Place::new().await;
    let mut app = place.start();
    app.sign_in().await;
    app.ask(Request::Quit).await;
    app.task.await.unwrap();
    let broken = place.config().join("profiles/broken.toml");
    std::fs::write(broken, "issuer = 3\n").unwrap();
    std::fs::write(
        place.config().join("desktop.toml"),
        "profile = \"broken\"\n",
    )
    .unwrap();

    let again = place.start();
    let view = again
        .when(|view| {
            view.profiles
                .iter()
                .any(|profile| profile.stands == ProfileStands::SignedIn)
        })
        .await;
    assert_eq!(view.selected, "broken");
    assert!(view.problem.is_some());
}

#[tokio::test]
async fn what_is_edited_elsewhere_holds_for_the_living_session() {
    let place = Place::new().await;
    let mut app = place.start();
    app.sign_in().await;
    let call = || crate::view::ApiCall {
        method: "GET".to_owned(),
        path: "/api/me".to_owned(),
        headers: Vec::new(),
        body: None,
    };
    assert_eq!(app.handle.call(call()).await.unwrap().status, 200);
    let file = place.config().join("profiles/work.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let without: String = text
        .lines()
        .filter(|line| !line.starts_with("api"))
        .map(|line| format!("{line}\n"))
        .collect();
    std::fs::write(&file, without).unwrap();
    app.when(|view| {
        view.profiles
            .iter()
            .any(|profile| profile.name == "work" && profile.api.is_empty())
    })
    .await;
    app.when_signed_in().await;
    assert!(
        app.handle.call(call()).await.is_err(),
        "the token goes nowhere any more"
    );
    assert!(
        app.opened.try_recv().is_err(),
        "nobody had to sign in again"
    );
}
