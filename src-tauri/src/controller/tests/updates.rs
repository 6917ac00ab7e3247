use doorkey_double::Gate;

use super::app::{App, Place, sign_in};
use super::releases::{Releases, SIZE};
use crate::request::Request;
use crate::view::{
    Problem, SessionView, SettingChange, UpdateMethod, UpdateStands, UpdateWish, UpdatesView, View,
};

fn wish(wish: UpdateWish) -> Request {
    Request::Update(wish)
}

fn look(wanted: bool) -> Request {
    Request::ChangeSetting(SettingChange::LookForUpdates(wanted))
}

fn updates(view: &View) -> &UpdatesView {
    view.updates.as_ref().unwrap()
}

/// The view, once an update stands so.
async fn when(app: &App, stands: UpdateStands) -> UpdatesView {
    let view = app.when(|view| updates(view).stands == stands).await;
    view.updates.unwrap()
}

fn done(app: &App) -> Vec<&'static str> {
    app.seen.releases.done.lock().unwrap().clone()
}

fn window(app: &App) -> Vec<&'static str> {
    app.seen.window.lock().unwrap().clone()
}

/// An app that has found version 2.0.0.
async fn found(place: &Place, method: UpdateMethod) -> App {
    let app = place.start_updated_by(Releases::installed(method));
    app.when_signed_out().await;
    app.ask(wish(UpdateWish::Look)).await;
    when(&app, UpdateStands::Found).await;
    app
}

async fn refused(app: &App, request: Request) -> Problem {
    app.handle.ask(request).await.unwrap_err()
}

#[tokio::test]
async fn a_build_that_asks_nobody_shows_nothing_of_updates() {
    let place = Place::new().await;
    let app = place.start();
    assert_eq!(app.when_signed_out().await.updates, None);
    for of in [UpdateWish::Look, UpdateWish::Install, UpdateWish::Restart] {
        assert!(!refused(&app, wish(of)).await.hint.is_empty());
    }
    app.ask(look(true)).await;
    assert_eq!(app.handle.view().updates, None);
    assert_eq!(done(&app), [""; 0]);
}

#[tokio::test]
async fn nobody_is_asked_until_the_person_wants_that() {
    let place = Place::new().await;
    let app = place.start_updated_by(Releases::installed(UpdateMethod::InPlace));
    let view = app.when_signed_out().await;
    assert!(!updates(&view).automatic);
    assert_eq!(updates(&view).asked, None);
    assert_eq!(done(&app), [""; 0]);

    app.ask(look(true)).await;
    let known = when(&app, UpdateStands::Found).await;
    assert!(
        known.automatic && known.note && known.asked.is_some(),
        "{known:?}"
    );
    assert_eq!(known.release.unwrap().version, "2.0.0");
}

#[tokio::test]
async fn the_address_is_asked_once_a_day_at_most_whatever_is_restarted() {
    let place = Place::new().await;
    let app = place.start_updated_by(Releases::installed(UpdateMethod::InPlace));
    app.when_signed_out().await;
    app.ask(look(true)).await;
    when(&app, UpdateStands::Found).await;
    // Off and on again, and off and on again by quitting.
    app.ask(look(false)).await;
    app.ask(look(true)).await;
    app.ask(Request::WindowShown).await;
    assert_eq!(done(&app), ["find"]);
    app.ask(Request::Quit).await;
    app.task.await.unwrap();

    let again = place.start_updated_by(Releases::installed(UpdateMethod::InPlace));
    let view = again.when_signed_out().await;
    assert!(updates(&view).asked.is_some());
    again.ask(look(true)).await;
    again.ask(Request::WindowShown).await;
    assert_eq!(done(&again), [""; 0]);

    // A day later it is.
    again.ask(Request::Quit).await;
    again.task.await.unwrap();
    let file = place.config().join("desktop.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let asked = text
        .lines()
        .find(|line| line.starts_with("asked = "))
        .unwrap();
    let at: u64 = asked["asked = ".len()..].parse().unwrap();
    let day_before = format!("asked = {}", at - 86_400_000);
    std::fs::write(&file, text.replace(asked, &day_before)).unwrap();
    let later = place.start_updated_by(Releases::installed(UpdateMethod::InPlace));
    later.when_signed_out().await;
    later.ask(look(true)).await;
    when(&later, UpdateStands::Found).await;
}

#[tokio::test]
async fn looking_finds_nothing_newer_or_says_why_it_cannot_tell() {
    let place = Place::new().await;
    let app = place.start_updated_by(Releases::installed(UpdateMethod::InPlace));
    *app.seen.releases.announced.lock().unwrap() = None;
    app.when_signed_out().await;
    app.ask(wish(UpdateWish::Look)).await;
    let known = when(&app, UpdateStands::Newest).await;
    assert!(known.asked.is_some() && !known.note);

    let offline = Problem::new("offline", "No.", "Look at the network.");
    *app.seen.releases.announced.lock().unwrap() = Some(Err(offline.clone()));
    app.ask(wish(UpdateWish::Look)).await;
    let known = app.when(|view| updates(view).problem.is_some()).await;
    assert_eq!(updates(&known).problem, Some(offline));
    assert_eq!(updates(&known).stands, UpdateStands::Unknown);
    assert_eq!(known.problem, None, "it is no problem of the session");
}

#[tokio::test]
async fn what_fails_without_a_press_is_said_to_nobody() {
    let place = Place::new().await;
    let releases = Releases::installed(UpdateMethod::InPlace);
    *releases.announced.lock().unwrap() = Some(Err(Problem::new("update_invalid", "No.", "No.")));
    let app = place.start_updated_by(releases);
    app.when_signed_out().await;
    app.ask(look(true)).await;
    // It was answered, so it is not asked again today.
    let view = app.when(|view| updates(view).asked.is_some()).await;
    assert_eq!(updates(&view).problem, None);
    assert!(app.seen.notices.lock().unwrap().is_empty());
}

#[tokio::test]
async fn later_and_skip_take_the_note_away_and_skip_for_good() {
    let place = Place::new().await;
    let app = found(&place, UpdateMethod::InPlace).await;
    app.ask(wish(UpdateWish::Later)).await;
    let view = app.when(|view| !updates(view).note).await;
    assert_eq!(
        updates(&view).stands,
        UpdateStands::Found,
        "Settings still tell of it"
    );
    app.ask(wish(UpdateWish::Look)).await;
    app.when(|view| updates(view).note).await;
    app.ask(wish(UpdateWish::Skip)).await;
    app.when(|view| !updates(view).note).await;
    app.ask(Request::Quit).await;
    app.task.await.unwrap();

    let file = place.config().join("desktop.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let forgotten: String = text
        .lines()
        .filter(|line| !line.starts_with("asked = "))
        .map(|line| format!("{line}\n"))
        .collect();
    std::fs::write(&file, forgotten).unwrap();
    let again = place.start_updated_by(Releases::installed(UpdateMethod::InPlace));
    again.when_signed_out().await;
    again.ask(look(true)).await;
    assert!(
        !when(&again, UpdateStands::Found).await.note,
        "that version was skipped"
    );
    // Whoever presses wants to know.
    again.ask(wish(UpdateWish::Look)).await;
    again.when(|view| updates(view).note).await;
}

#[tokio::test]
async fn an_update_is_downloaded_verified_and_installed_and_the_app_goes_on() {
    let place = Place::new().await;
    let mut app = found(&place, UpdateMethod::InPlace).await;
    app.sign_in().await;
    app.ask(wish(UpdateWish::Install)).await;
    when(&app, UpdateStands::Installed).await;
    assert_eq!(done(&app), ["find", "download", "install"]);
    assert!(
        !window(&app).contains(&"restart"),
        "nobody agreed to that yet"
    );
    assert!(matches!(
        app.handle.view().session,
        SessionView::SignedIn { .. }
    ));

    app.ask(wish(UpdateWish::Restart)).await;
    app.task.await.unwrap();
    assert_eq!(app.seen.window.lock().unwrap().last(), Some(&"restart"));
    let again = place.start();
    again.when_signed_in().await;
}

#[tokio::test]
async fn a_download_tells_how_far_it_is_and_can_be_broken_off() {
    let place = Place::new().await;
    let app = found(&place, UpdateMethod::InPlace).await;
    let line = Gate::new();
    *app.seen.releases.line.lock().unwrap() = Some(line.clone());
    app.ask(wish(UpdateWish::Install)).await;
    let (received, size) = (SIZE / 2, Some(SIZE));
    when(&app, UpdateStands::Downloading { received, size }).await;
    line.reached().await;
    app.ask(wish(UpdateWish::Cancel)).await;
    when(&app, UpdateStands::Found).await;
    line.open();
    // The next one is another one.
    app.ask(wish(UpdateWish::Install)).await;
    when(&app, UpdateStands::Installed).await;
    assert_eq!(done(&app), ["find", "download", "download", "install"]);
}

#[tokio::test]
async fn what_is_not_signed_is_never_installed() {
    let place = Place::new().await;
    let app = found(&place, UpdateMethod::InPlace).await;
    let untrusted = Problem::new("update_untrusted", "No.", "Do not.");
    *app.seen.releases.untrusted.lock().unwrap() = Some(untrusted.clone());
    app.ask(wish(UpdateWish::Install)).await;
    let view = app.when(|view| updates(view).problem.is_some()).await;
    assert_eq!(updates(&view).problem, Some(untrusted));
    assert_eq!(updates(&view).stands, UpdateStands::Found);
    assert_eq!(done(&app), ["find", "download"]);
    assert_eq!(
        refused(&app, wish(UpdateWish::Restart)).await.code,
        "forgotten"
    );
}

#[tokio::test]
async fn what_the_system_refuses_can_be_tried_again_without_another_download() {
    let place = Place::new().await;
    let app = found(&place, UpdateMethod::InPlace).await;
    *app.seen.releases.refused.lock().unwrap() = Some(Problem::new("update_failed", "No.", "No."));
    app.ask(wish(UpdateWish::Install)).await;
    let known = when(&app, UpdateStands::Downloaded).await;
    assert_eq!(known.problem.unwrap().code, "update_failed");
    app.ask(wish(UpdateWish::Install)).await;
    let known = when(&app, UpdateStands::Installed).await;
    assert_eq!(known.problem, None);
    assert_eq!(done(&app), ["find", "download", "install", "install"]);
}

#[tokio::test]
async fn a_sign_in_that_is_under_way_is_not_broken_off_by_a_restart() {
    let place = Place::new().await;
    let mut app = found(&place, UpdateMethod::InPlace).await;
    app.ask(sign_in()).await;
    let page = app.opened().await;
    // In place, nothing that runs is touched.
    app.ask(wish(UpdateWish::Install)).await;
    when(&app, UpdateStands::Installed).await;
    let problem = refused(&app, wish(UpdateWish::Restart)).await;
    assert_eq!(problem.code, "update_not_now");
    assert!(problem.message.contains("“work”"), "{}", problem.message);
    doorkey_tests::agent::walk(page, &Default::default())
        .await
        .unwrap();
    app.when_signed_in().await;
    app.ask(wish(UpdateWish::Restart)).await;
    app.task.await.unwrap();
    place.start().when_signed_in().await;
}

#[tokio::test]
async fn an_installer_that_closes_the_app_waits_for_a_sign_in() {
    let place = Place::new().await;
    let mut app = found(&place, UpdateMethod::Closes).await;
    app.ask(sign_in()).await;
    let page = app.opened().await;
    app.ask(wish(UpdateWish::Install)).await;
    let known = when(&app, UpdateStands::Downloaded).await;
    assert_eq!(known.problem.unwrap().code, "update_not_now");
    assert_eq!(done(&app), ["find", "download"]);
    doorkey_tests::agent::walk(page, &Default::default())
        .await
        .unwrap();
    app.when_signed_in().await;
    app.ask(Request::Refresh).await;
    app.ask(wish(UpdateWish::Install)).await;
    when(&app, UpdateStands::Installed).await;
    assert_eq!(place.provider.counts().refreshes, 1, "it was waited for");
}

#[tokio::test]
async fn a_package_is_put_where_the_person_finds_it_and_nothing_is_run() {
    let place = Place::new().await;
    let app = found(&place, UpdateMethod::Package).await;
    app.ask(wish(UpdateWish::Install)).await;
    let saved = UpdateStands::Saved {
        file: "doorkey-2.0.0-x86_64.deb".to_owned(),
        folder: "Downloads".to_owned(),
    };
    when(&app, saved).await;
    app.ask(wish(UpdateWish::Reveal)).await;
    assert_eq!(
        *app.seen.revealed.lock().unwrap(),
        [std::path::Path::new(super::releases::PACKAGE)]
    );
}

#[tokio::test]
async fn a_copy_that_nothing_installed_is_only_told_of() {
    let place = Place::new().await;
    let app = found(&place, UpdateMethod::Elsewhere).await;
    assert_eq!(
        refused(&app, wish(UpdateWish::Install)).await.code,
        "forgotten"
    );
    assert_eq!(done(&app), ["find"]);
}
