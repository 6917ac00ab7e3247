//! What the web UI may call. Commands hand a request over and wait until it was taken, nothing more.

use doorkey_core::ClientSecret;
use tauri::State;

use crate::forms;
use crate::request::{Handle, ImportSource, KeychainQuestion, Request, SecretQuestion, Way};
use crate::view::{
    ApiAnswer, ApiCall, CheckView, ClientSecretView, ExportView, FlowView, ImportView,
    KeychainReport, PastCall, PresetView, Problem, ProfileForm, SettingChange, SharedView,
    TokensView, UpdateWish, View,
};

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
            profile,
            way: Way::Browser,
        })
        .await
}

/// Begins a sign-in whose answer comes to a port, although the profile asks for a link.
#[tauri::command]
pub async fn sign_in_over_loopback(controller: State<'_, Handle>, profile: String) -> Taken {
    controller
        .ask(Request::SignIn {
            profile,
            way: Way::Loopback,
        })
        .await
}

/// Begins a sign-in with a code that is typed into a browser anywhere.
#[tauri::command]
pub async fn sign_in_with_code(controller: State<'_, Handle>, profile: String) -> Taken {
    controller
        .ask(Request::SignIn {
            profile,
            way: Way::Code,
        })
        .await
}

/// Stops waiting for the person.
#[tauri::command]
pub async fn cancel_sign_in(controller: State<'_, Handle>) -> Taken {
    controller
        .ask(Request::CancelSignIn { profile: None })
        .await
}

/// Opens the link of the waiting sign-in once more, or the page where its code is typed.
#[tauri::command]
pub async fn open_again(controller: State<'_, Handle>) -> Taken {
    controller.ask(Request::OpenAgain).await
}

/// Copies that link, which never passes through the web UI, or the address of that page.
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
    controller
        .ask(Request::SignOut {
            profile: None,
            end_session,
        })
        .await
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

/// A call that was made with the selected profile.
#[tauri::command]
pub async fn past_call(controller: State<'_, Handle>, id: u32) -> Result<PastCall, Problem> {
    controller.past_call(id).await
}

/// Forgets the calls that were made with the selected profile.
#[tauri::command]
pub async fn forget_calls(controller: State<'_, Handle>) -> Taken {
    controller.ask(Request::ForgetCalls).await
}

/// A flow of the selected profile.
#[tauri::command]
pub async fn flow(controller: State<'_, Handle>, id: u32) -> Result<FlowView, Problem> {
    controller.flow(id).await
}

/// Writes a flow to a file in the person's folder for downloads.
#[tauri::command]
pub async fn export_flow(controller: State<'_, Handle>, id: u32) -> Result<ExportView, Problem> {
    controller.export_flow(id).await
}

/// Shows the file that was written last. Which one is not the web UI's to say.
#[tauri::command]
pub async fn reveal_export(controller: State<'_, Handle>) -> Taken {
    controller.ask(Request::RevealExport).await
}

/// Copies a problem with what helps to understand it.
#[tauri::command]
pub async fn copy_problem(controller: State<'_, Handle>, problem: Problem) -> Taken {
    controller.ask(Request::CopyProblem(problem)).await
}

/// Changes a setting.
#[tauri::command]
pub async fn change_setting(controller: State<'_, Handle>, change: SettingChange) -> Taken {
    controller.ask(Request::ChangeSetting(change)).await
}

/// How the keychain is.
#[tauri::command]
pub async fn keychain_state(controller: State<'_, Handle>) -> Result<KeychainReport, Problem> {
    controller.keychain(KeychainQuestion::State).await
}

/// Writes something to the keychain, reads it back and removes it.
#[tauri::command]
pub async fn test_keychain(controller: State<'_, Handle>) -> Result<KeychainReport, Problem> {
    controller.keychain(KeychainQuestion::Test).await
}

/// Lets the system ask the person to unlock the keychain.
#[tauri::command]
pub async fn unlock_keychain(controller: State<'_, Handle>) -> Result<KeychainReport, Problem> {
    controller.keychain(KeychainQuestion::Unlock).await
}

/// What a profile can be made from.
#[tauri::command]
pub async fn presets() -> Result<Vec<PresetView>, Problem> {
    Ok(forms::presets())
}

/// A profile as a form.
#[tauri::command]
pub async fn profile_form(
    controller: State<'_, Handle>,
    profile: String,
) -> Result<ProfileForm, Problem> {
    controller.profile_form(profile).await
}

/// Saves a form as a profile.
#[tauri::command]
pub async fn save_profile(
    controller: State<'_, Handle>,
    form: ProfileForm,
    replaces: Option<String>,
) -> Taken {
    controller
        .ask(Request::SaveProfile { form, replaces })
        .await
}

/// Removes a profile, and signs out of it first.
#[tauri::command]
pub async fn remove_profile(controller: State<'_, Handle>, profile: String) -> Taken {
    controller.ask(Request::RemoveProfile { profile }).await
}

/// Tests what is in a form, without signing in.
#[tauri::command]
pub async fn test_profile(
    controller: State<'_, Handle>,
    form: ProfileForm,
) -> Result<Vec<CheckView>, Problem> {
    controller.test_profile(form).await
}

/// What has to be registered at the provider for what is in a form.
#[tauri::command]
pub async fn redirect_uris(form: ProfileForm) -> Result<Vec<String>, Problem> {
    forms::redirect_uris(&form)
}

/// Whether a client secret is kept for a profile.
#[tauri::command]
pub async fn client_secret(
    controller: State<'_, Handle>,
    profile: String,
) -> Result<ClientSecretView, Problem> {
    let question = SecretQuestion::IsKept;
    controller.client_secret(&profile, question).await
}

/// Keeps the client secret of a profile. It goes to the keychain, and never comes back.
#[tauri::command]
pub async fn keep_client_secret(
    controller: State<'_, Handle>,
    profile: String,
    secret: String,
) -> Result<ClientSecretView, Problem> {
    let question = SecretQuestion::Keep(ClientSecret::new(secret));
    controller.client_secret(&profile, question).await
}

/// Forgets the client secret of a profile.
#[tauri::command]
pub async fn forget_client_secret(
    controller: State<'_, Handle>,
    profile: String,
) -> Result<ClientSecretView, Problem> {
    let question = SecretQuestion::Forget;
    controller.client_secret(&profile, question).await
}

/// Reads a profile that somebody else has written, or the metadata at an address. Nothing is saved.
#[tauri::command]
pub async fn import_profile(
    controller: State<'_, Handle>,
    text: String,
    file: Option<String>,
) -> Result<ImportView, Problem> {
    controller.import(ImportSource { text, file }).await
}

/// A profile as a text for somebody else, without what is only its owner's.
#[tauri::command]
pub async fn share_profile(
    controller: State<'_, Handle>,
    profile: String,
) -> Result<SharedView, Problem> {
    controller.share(profile).await
}

/// Writes that text to a file in the person's folder for downloads.
#[tauri::command]
pub async fn export_profile(
    controller: State<'_, Handle>,
    profile: String,
) -> Result<ExportView, Problem> {
    controller.export_profile(profile).await
}

/// Looks for a newer version of the app, installs the one that was found, or leaves it. The web UI asks the person first.
#[tauri::command]
pub async fn update(controller: State<'_, Handle>, wish: UpdateWish) -> Taken {
    controller.ask(Request::Update(wish)).await
}
