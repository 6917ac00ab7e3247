use super::app::{Place, sign_in};
use crate::request::Request;
use crate::view::{SessionView, SettingChange, Theme, View};

fn change(change: SettingChange) -> Request {
    Request::ChangeSetting(change)
}

#[tokio::test]
async fn a_setting_holds_at_once_and_after_a_restart() {
    let place = Place::new().await;
    let app = place.start();
    app.ask(change(SettingChange::Theme(Theme::Dark))).await;
    app.ask(change(SettingChange::CloseToTray(false))).await;
    app.ask(change(SettingChange::Browser(Some(
        "chromium %s".to_owned(),
    ))))
    .await;
    let chosen = |view: &View| {
        let settings = &view.settings;
        settings.theme == Theme::Dark
            && !settings.close_to_tray
            && settings.browser.as_deref() == Some("chromium %s")
    };
    app.when(chosen).await;
    assert_eq!(
        *app.seen.themes.lock().unwrap(),
        [Theme::System, Theme::Dark]
    );
    app.ask(Request::Quit).await;
    app.task.await.unwrap();

    let again = place.start();
    let view = again.when(chosen).await;
    assert_eq!(view.selected, "work");
    again
        .when(|_| *again.seen.themes.lock().unwrap() == [Theme::Dark])
        .await;
}

#[tokio::test]
async fn starting_at_login_is_the_systems_to_say() {
    let place = Place::new().await;
    let app = place.start();
    app.when(|view| view.settings.start_at_login == Some(false))
        .await;
    app.ask(change(SettingChange::StartAtLogin(true))).await;
    app.when(|view| view.settings.start_at_login == Some(true))
        .await;
}

#[tokio::test]
async fn the_chosen_browser_opens_and_is_named() {
    let place = Place::new().await;
    let mut app = place.start();
    app.when(|view| view.settings.browsers.len() == 2).await;
    app.when_signed_out().await;
    let named = |view: &View| match &view.session {
        SessionView::WaitingForBrowser { browser_name, .. } => browser_name.clone(),
        _ => None,
    };
    app.ask(sign_in()).await;
    app.opened().await;
    assert_eq!(named(&app.handle.view()).as_deref(), Some("Firefox"));
    app.ask(Request::CancelSignIn { profile: None }).await;

    app.ask(change(SettingChange::Browser(Some(
        "chromium %s".to_owned(),
    ))))
    .await;
    app.ask(sign_in()).await;
    app.opened().await;
    assert_eq!(named(&app.handle.view()).as_deref(), Some("Chromium"));
    assert_eq!(
        *app.seen.browsers.lock().unwrap(),
        [None, Some("chromium %s".to_owned())]
    );
}

#[tokio::test]
async fn a_command_that_is_none_is_refused_and_the_old_one_stays() {
    let place = Place::new().await;
    let app = place.start();
    let problem = app
        .handle
        .ask(change(SettingChange::Browser(Some("'firefox".to_owned()))))
        .await
        .unwrap_err();
    assert!(!problem.hint.is_empty());
    assert_eq!(app.handle.view().settings.browser, None);
}
