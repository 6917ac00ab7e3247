//! What can be asked of the controller, and the handle to ask with.

use doorkey_core::{ClientSecret, PasteHandle, ProfileName};
use tokio::sync::{mpsc, oneshot, watch};

use crate::view::{
    ApiAnswer, ApiCall, CheckView, ClientSecretView, ExportView, FlowView, ImportView,
    KeychainReport, PastCall, Problem, ProfileForm, SettingChange, SharedView, TokensView,
    UpdateWish, View,
};

/// How many requests may wait. More than a person can press; a flood waits its turn.
const QUEUE: usize = 32;

/// Something to do. Buttons, tray items, a second instance and signals all become one of these.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// Show another profile. Nobody is signed out by that.
    SelectProfile {
        /// Its name.
        profile: String,
    },
    /// Begin a sign-in.
    SignIn {
        /// The profile's name.
        profile: String,
        /// How the person does it.
        way: Way,
    },
    /// Stop waiting for the person.
    CancelSignIn {
        /// The profile's name; the selected one if there is none.
        profile: Option<String>,
    },
    /// Open the link of the waiting sign-in once more, or the page where its code is typed.
    OpenAgain,
    /// Copy that link, or the address of that page.
    CopyLink,
    /// Renew the access token now.
    Refresh,
    /// Sign out.
    SignOut {
        /// The profile's name; the selected one if there is none.
        profile: Option<String>,
        /// Whether to end the provider's own session in the browser too.
        end_session: bool,
    },
    /// Break off the selected profile's running calls of the API.
    CancelCall,
    /// Forget the calls that were made with the selected profile.
    ForgetCalls,
    /// Forget the last problem and the last sign-out's report.
    Dismiss,
    /// Show the file that a flow was written to.
    RevealExport,
    /// Copy a problem with what helps to understand it.
    CopyProblem(Problem),
    /// Change a setting.
    ChangeSetting(SettingChange),
    /// Do something about a newer version of the app.
    Update(UpdateWish),
    /// Save a profile.
    SaveProfile {
        /// What it shall be.
        form: ProfileForm,
        /// The name of the one that it replaces; none for a new one.
        replaces: Option<String>,
    },
    /// Remove a profile, and sign out of it first.
    RemoveProfile {
        /// Its name.
        profile: String,
    },
    /// Bring the window to the front.
    ShowWindow,
    /// The window was shown or got the focus.
    WindowShown,
    /// The window was hidden.
    WindowHidden,
    /// Whether the desktop has a place for a tray icon.
    Tray(bool),
    /// The app was started by a link that no sign-in was waiting for.
    StrayLink,
    /// End the app, without losing what is under way.
    Quit,
}

/// How a sign-in is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Through a browser on this computer, with the answer coming home as the profile says.
    Browser,
    /// The same, with the answer coming to a port, although the profile may ask for a link.
    Loopback,
    /// With a code that is typed into a browser anywhere.
    Code,
}

/// Where an answer goes.
pub(crate) type Reply<T> = oneshot::Sender<Result<T, Problem>>;

/// A request on its way.
#[derive(Debug)]
pub(crate) enum Message {
    Do(Request, Reply<()>),
    Call(ApiCall, Reply<ApiAnswer>),
    CopyCurl(ApiCall, Reply<()>),
    /// Asks where to paste. The text itself never waits here.
    Paste(Reply<PasteHandle>),
    Tokens(Reply<TokensView>),
    PastCall(u32, Reply<PastCall>),
    Flow(u32, Reply<FlowView>),
    ExportFlow(u32, Reply<ExportView>),
    Keychain(KeychainQuestion, Reply<KeychainReport>),
    ProfileForm(String, Reply<ProfileForm>),
    ClientSecret(ProfileName, SecretQuestion, Reply<ClientSecretView>),
    Import(ImportSource, Reply<ImportView>),
    Share(String, Reply<SharedView>),
    ExportProfile(String, Reply<ExportView>),
    TestProfile(ProfileForm, Reply<Vec<CheckView>>),
}

/// What can be asked of the keychain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeychainQuestion {
    /// How it is. Nobody is asked for anything.
    State,
    /// Whether something can be written and read back.
    Test,
    /// To be unlocked: the system asks the person.
    Unlock,
}

/// What can be asked about a profile's client secret. What it is, cannot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretQuestion {
    /// Whether one is kept. A locked keychain is not opened for that.
    IsKept,
    /// To keep this one.
    Keep(ClientSecret),
    /// To forget it.
    Forget,
}

/// What somebody else has written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportSource {
    /// The text: a profile, a config file of Flyte's, or an address.
    pub text: String,
    /// The name of the file that it stands in, if it does.
    pub file: Option<String>,
}

/// Asks the controller. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Handle {
    messages: mpsc::Sender<Message>,
    view: watch::Receiver<View>,
}

impl Handle {
    /// A handle, and the end that the controller takes messages from.
    pub(crate) fn new(view: watch::Receiver<View>) -> (Self, mpsc::Receiver<Message>) {
        let (messages, inbox) = mpsc::channel(QUEUE);
        (Self { messages, view }, inbox)
    }

    /// The view as it is now.
    pub fn view(&self) -> View {
        self.view.borrow().clone()
    }

    /// The view as it is now and as it becomes.
    pub fn views(&self) -> watch::Receiver<View> {
        self.view.clone()
    }

    /// Asks for something and waits until that was taken. What comes of it is seen in the view.
    ///
    /// # Errors
    /// Why it cannot be done now.
    pub async fn ask(&self, request: Request) -> Result<(), Problem> {
        self.send(|reply| Message::Do(request, reply)).await
    }

    /// Calls the protected API as the selected profile's person.
    ///
    /// # Errors
    /// Why there is no answer. An answer of 4xx or 5xx is one.
    pub async fn call(&self, call: ApiCall) -> Result<ApiAnswer, Problem> {
        self.send(|reply| Message::Call(call, reply)).await
    }

    /// Copies a call as a curl command.
    ///
    /// # Errors
    /// Why the call cannot be made, or the clipboard not be written.
    pub async fn copy_curl(&self, call: ApiCall) -> Result<(), Problem> {
        self.send(|reply| Message::CopyCurl(call, reply)).await
    }

    /// Ends the wait for the browser with the address that it landed on.
    ///
    /// # Errors
    /// Why that address is not the answer. The wait goes on.
    pub async fn paste(&self, text: &str) -> Result<(), Problem> {
        let paste = self.send(Message::Paste).await?;
        Ok(paste.paste(text).await?)
    }

    /// Tells what the tokens of the selected profile's session say.
    ///
    /// # Errors
    /// Why they cannot be read, first of all because nobody is signed in.
    pub async fn tokens(&self) -> Result<TokensView, Problem> {
        self.send(Message::Tokens).await
    }

    /// A call that was made with the selected profile.
    ///
    /// # Errors
    /// That it is not known any more.
    pub async fn past_call(&self, id: u32) -> Result<PastCall, Problem> {
        self.send(|reply| Message::PastCall(id, reply)).await
    }

    /// A flow of the selected profile.
    ///
    /// # Errors
    /// That it is not known any more.
    pub async fn flow(&self, id: u32) -> Result<FlowView, Problem> {
        self.send(|reply| Message::Flow(id, reply)).await
    }

    /// Writes a flow to a file.
    ///
    /// # Errors
    /// That the flow is not known any more, or why the file cannot be written.
    pub async fn export_flow(&self, id: u32) -> Result<ExportView, Problem> {
        self.send(|reply| Message::ExportFlow(id, reply)).await
    }

    /// Asks something of the keychain.
    ///
    /// # Errors
    /// Never but when the app is quitting: how the keychain is, is the answer.
    pub async fn keychain(&self, question: KeychainQuestion) -> Result<KeychainReport, Problem> {
        self.send(|reply| Message::Keychain(question, reply)).await
    }

    /// A profile as a form.
    ///
    /// # Errors
    /// Why its file cannot be read.
    pub async fn profile_form(&self, profile: String) -> Result<ProfileForm, Problem> {
        self.send(|reply| Message::ProfileForm(profile, reply))
            .await
    }

    /// Asks something about the client secret of a saved profile.
    ///
    /// # Errors
    /// Why the keychain cannot be asked, or this is no secret.
    pub async fn client_secret(
        &self,
        profile: &str,
        question: SecretQuestion,
    ) -> Result<ClientSecretView, Problem> {
        let profile = profile.parse()?;
        self.send(|reply| Message::ClientSecret(profile, question, reply))
            .await
    }

    /// Reads what somebody else has written. Nothing is saved.
    ///
    /// # Errors
    /// Why it is no profile.
    pub async fn import(&self, source: ImportSource) -> Result<ImportView, Problem> {
        self.send(|reply| Message::Import(source, reply)).await
    }

    /// A profile as a text for somebody else.
    ///
    /// # Errors
    /// Why its file cannot be read.
    pub async fn share(&self, profile: String) -> Result<SharedView, Problem> {
        self.send(|reply| Message::Share(profile, reply)).await
    }

    /// Writes that text to a file.
    ///
    /// # Errors
    /// Why the profile cannot be read, or the file not be written.
    pub async fn export_profile(&self, profile: String) -> Result<ExportView, Problem> {
        self.send(|reply| Message::ExportProfile(profile, reply))
            .await
    }

    /// Tests what is in a form, without signing in.
    ///
    /// # Errors
    /// Why the form is no profile.
    pub async fn test_profile(&self, form: ProfileForm) -> Result<Vec<CheckView>, Problem> {
        self.send(|reply| Message::TestProfile(form, reply)).await
    }

    async fn send<T>(&self, message: impl FnOnce(Reply<T>) -> Message) -> Result<T, Problem> {
        let (reply, answer) = oneshot::channel();
        if self.messages.send(message(reply)).await.is_err() {
            return Err(Problem::quitting());
        }
        answer.await.unwrap_or_else(|_| Err(Problem::quitting()))
    }
}
