//! What the web UI may call. Commands hand a request over and wait until it was taken, nothing more.

use tauri::State;

use crate::request::{Handle, Request};
use crate::view::{ApiAnswer, ApiCall, Problem, TokensView, View};

type Taken = Result<(), Problem>;

/// The view as it is now. The web UI listens first and asks then, so that it misses none.
#[tauri::command]
pub async fn view(controller: State<'_, Handle>) -> Result<View, Problem> {
    Ok(controller.view())
}

/// Shows another profile.
#[tauri::command]
pub async fn select_profile(controller: State<'_, Handle>, profile: String) -> Taken {
    controller.ask(Request::SelectProfile { profile }).await
}

/// Begins a sign-in.
#[tauri::command]
pub async fn sign_in(controller: State<'_, Handle>, profile: String) -> Taken {
    controller
        .ask(Request::SignIn {
            profile: Some(profile),
        })
        .await
}

/// Stops waiting for the browser.
#[tauri::command]
pub async fn cancel_sign_in(controller: State<'_, Handle>) -> Taken {
    controller.ask(Request::CancelSignIn).await
}

/// Opens the link of the waiting sign-in once more.
#[tauri::command]
pub async fn open_again(controller: State<'_, Handle>) -> Taken {
    controller.ask(Request::OpenAgain).await
}

/// Copies that link. It never passes through the web UI.
#[tauri::command]
pub async fn copy_link(controller: State<'_, Handle>) -> Taken {
    controller.ask(Request::CopyLink).await
}

/// Takes the address that the browser landed on. One that is not the answer is refused, and nothing else happens.
#[tauri::command]
pub async fn paste_address(controller: State<'_, Handle>, text: String) -> Taken {
    controller.paste(&text).await
}

/// Renews the access token now.
#[tauri::command]
pub async fn refresh(controller: State<'_, Handle>) -> Taken {
    controller.ask(Request::Refresh).await
}

/// Signs out, and ends the provider's own session in the browser if that is wanted.
#[tauri::command]
pub async fn sign_out(controller: State<'_, Handle>, end_session: bool) -> Taken {
    controller.ask(Request::SignOut { end_session }).await
}

/// Forgets the last problem and the last sign-out's report.
#[tauri::command]
pub async fn dismiss(controller: State<'_, Handle>) -> Taken {
    controller.ask(Request::Dismiss).await
}

/// Calls the protected API and waits for its answer.
#[tauri::command]
pub async fn call_api(
    controller: State<'_, Handle>,
    request: ApiCall,
) -> Result<ApiAnswer, Problem> {
    controller.call(request).await
}

/// Breaks running calls off. Each of them is refused as cancelled.
#[tauri::command]
pub async fn cancel_call(controller: State<'_, Handle>) -> Taken {
    controller.ask(Request::CancelCall).await
}

/// Copies a call as a curl command, which asks for the token itself.
#[tauri::command]
pub async fn copy_curl(controller: State<'_, Handle>, request: ApiCall) -> Taken {
    controller.copy_curl(request).await
}

/// Tells what the tokens of the session say. The tokens themselves never pass through the web UI.
#[tauri::command]
pub async fn tokens(controller: State<'_, Handle>) -> Result<TokensView, Problem> {
    controller.tokens().await
}
