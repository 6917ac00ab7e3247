//! The app in a test: real but for the window, the tray, the browser and the keychain.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use doorkey_core::{
    BrowserCommand, Code, Doorkey, Error, MemoryStore, Profile, ProfileName, ProfileSource,
    Profiles,
};
use doorkey_idp::{Config, DEMO_CLIENT_ID, DEMO_SCOPES, Running};
use doorkey_tests::agent::{Arrival, Person, walk};
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use url::Url;

use super::releases::Releases;
use crate::controller::Controller;
use crate::effects::{Claim, Effects, Notice, Package, Progress, Release, UpdateRoute};
use crate::request::{Handle, Request, Way};
use crate::tray::{Choice, Entry, Tray};
use crate::view::{BrowserView, FlowStep, Problem, SessionView, Theme, View};

/// Longer than anything here takes; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the controller has done to the world.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) views: Mutex<Vec<View>>,
    pub(super) trays: Mutex<Vec<Tray>>,
    pub(super) clipboard: Mutex<Option<String>>,
    /// `raise`, `hide` and `quit`, in order.
    pub(super) window: Mutex<Vec<&'static str>>,
    pub(super) notices: Mutex<Vec<Notice>>,
    pub(super) themes: Mutex<Vec<Theme>>,
    /// The browsers that were asked for, by their commands.
    pub(super) browsers: Mutex<Vec<Option<String>>>,
    pub(super) revealed: Mutex<Vec<PathBuf>>,
    pub(super) claims: Mutex<Vec<String>>,
    /// Whose the app's links are. Ours, unless a test says otherwise.
    pub(super) owner: Mutex<Option<Claim>>,
    starts_at_login: AtomicBool,
    no_browser: AtomicBool,
    /// What there is of newer versions. Nothing, unless a test says otherwise.
    pub(super) releases: Releases,
}

#[derive(Debug)]
struct Recorder {
    seen: Arc<Seen>,
    browser: mpsc::UnboundedSender<Url>,
}

impl Effects for Recorder {
    fn publish(&self, view: &View) {
        self.seen.views.lock().unwrap().push(view.clone());
    }

    fn draw_tray(&self, tray: &Tray) {
        self.seen.trays.lock().unwrap().push(tray.clone());
    }

    fn open_browser(
        &self,
        url: &Url,
        browser: Option<&BrowserCommand>,
    ) -> doorkey_core::Result<()> {
        self.seen
            .browsers
            .lock()
            .unwrap()
            .push(browser.map(|browser| browser.as_str().to_owned()));
        if self.seen.no_browser.load(Ordering::Relaxed) {
            return Err(Error::new(
                Code::BrowserUnavailable,
                "No browser could be started",
            ));
        }
        self.browser.send(url.clone()).unwrap();
        Ok(())
    }

    fn browsers(&self) -> Vec<BrowserView> {
        vec![
            BrowserView {
                name: "Firefox".to_owned(),
                command: "firefox %s".to_owned(),
                default: true,
            },
            BrowserView {
                name: "Chromium".to_owned(),
                command: "chromium %s".to_owned(),
                default: false,
            },
        ]
    }

    fn reveal(&self, file: &Path) -> Result<(), String> {
        self.seen.revealed.lock().unwrap().push(file.to_owned());
        Ok(())
    }

    fn notify(&self, notice: &Notice) {
        self.seen.notices.lock().unwrap().push(notice.clone());
    }

    fn claim(&self, scheme: &str) -> Claim {
        self.seen.claims.lock().unwrap().push(scheme.to_owned());
        self.seen
            .owner
            .lock()
            .unwrap()
            .clone()
            .unwrap_or(Claim::Ours)
    }

    fn starts_at_login(&self) -> Option<bool> {
        Some(self.seen.starts_at_login.load(Ordering::Relaxed))
    }

    fn start_at_login(&self, wanted: bool) -> Result<(), String> {
        self.seen.starts_at_login.store(wanted, Ordering::Relaxed);
        Ok(())
    }

    fn dress(&self, theme: Theme) {
        self.seen.themes.lock().unwrap().push(theme);
    }

    fn copy(&self, text: &str) -> Result<(), String> {
        *self.seen.clipboard.lock().unwrap() = Some(text.to_owned());
        Ok(())
    }

    fn raise_window(&self) {
        self.seen.window.lock().unwrap().push("raise");
    }

    fn hide_window(&self) {
        self.seen.window.lock().unwrap().push("hide");
    }

    fn update_route(&self) -> Option<UpdateRoute> {
        self.seen.releases.route()
    }

    async fn find_update(&self) -> Result<Option<Release>, Problem> {
        self.seen.releases.find().await
    }

    async fn download_update(&self, progress: Progress) -> Result<Package, Problem> {
        self.seen.releases.download(progress).await
    }

    fn install_update(&self, package: &Package) -> Result<Option<PathBuf>, Problem> {
        self.seen.releases.install(package)
    }

    fn quit(&self) {
        self.seen.window.lock().unwrap().push("quit");
    }

    fn restart(&self) {
        self.seen.window.lock().unwrap().push("restart");
    }
}

/// A provider, a config folder and a keychain, for one app or several.
pub(super) struct Place {
    pub(super) provider: Running,
    pub(super) folder: TempDir,
    pub(super) store: MemoryStore,
}

/// A running app.
pub(super) struct App {
    pub(super) handle: Handle,
    pub(super) seen: Arc<Seen>,
    pub(super) opened: mpsc::UnboundedReceiver<Url>,
    pub(super) task: JoinHandle<()>,
}

impl Place {
    /// A place with the profiles `work` and `home`, both at a provider of its own, and `work` chosen.
    pub(super) async fn new() -> Self {
        Self::with(Config::default()).await
    }

    pub(super) async fn with(config: Config) -> Self {
        let provider = doorkey_idp::start(Config { port: 0, ..config })
            .await
            .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let place = Self {
            provider,
            folder,
            store: MemoryStore::default(),
        };
        for name in ["work", "home"] {
            let profile = ProfileSource::new(place.provider.issuer(), DEMO_CLIENT_ID)
                .scopes(DEMO_SCOPES.split(' '))
                .api(place.provider.api())
                .build(&name.parse().unwrap())
                .unwrap();
            Profiles::new(place.config()).save(&profile).unwrap();
        }
        std::fs::write(place.config().join("desktop.toml"), "profile = \"work\"\n").unwrap();
        place
    }

    pub(super) fn config(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn profile(&self, name: &str) -> Profile {
        let name: ProfileName = name.parse().unwrap();
        Profiles::new(self.config()).load(&name).unwrap()
    }

    /// Another Doorkey, such as the command line, with the same folder and keychain.
    pub(super) fn other(&self) -> Doorkey {
        Doorkey::builder(self.config())
            .store(self.store.clone())
            .build()
    }

    pub(super) fn start(&self) -> App {
        let (config, store) = (self.config().to_owned(), self.store.clone());
        self.start_with(move |steps| {
            Doorkey::builder(&config)
                .store(store.clone())
                .observer(steps)
                .build()
        })
    }

    pub(super) fn start_with(
        &self,
        new_engine: impl Fn(super::super::Steps) -> Doorkey + Send + 'static,
    ) -> App {
        self.start_seen(Seen::default(), new_engine)
    }

    /// An app whose address announces newer versions.
    pub(super) fn start_updated_by(&self, releases: Releases) -> App {
        let (config, store) = (self.config().to_owned(), self.store.clone());
        let seen = Seen {
            releases,
            ..Seen::default()
        };
        self.start_seen(seen, move |steps| {
            Doorkey::builder(&config)
                .store(store.clone())
                .observer(steps)
                .build()
        })
    }

    fn start_seen(
        &self,
        seen: Seen,
        new_engine: impl Fn(super::super::Steps) -> Doorkey + Send + 'static,
    ) -> App {
        let seen = Arc::new(seen);
        let (browser, opened) = mpsc::unbounded_channel();
        let recorder = Recorder {
            seen: Arc::clone(&seen),
            browser,
        };
        let (controller, handle) =
            Controller::new(self.config(), recorder, Box::new(new_engine)).unwrap();
        App {
            handle,
            seen,
            opened,
            task: tokio::spawn(controller.run()),
        }
    }
}

impl App {
    pub(super) fn without_browser(&self) {
        self.seen.no_browser.store(true, Ordering::Relaxed);
    }

    pub(super) async fn ask(&self, request: Request) {
        self.handle.ask(request).await.unwrap();
    }

    /// The view, once it is as expected.
    pub(super) async fn when(&self, mut expected: impl FnMut(&View) -> bool) -> View {
        let mut views = self.handle.views();
        match tokio::time::timeout(PATIENCE, views.wait_for(|view| expected(view))).await {
            Ok(view) => view.unwrap().clone(),
            Err(_) => panic!("the view stayed {:#?}", self.handle.view()),
        }
    }

    pub(super) async fn when_signed_out(&self) -> View {
        self.when(|view| view.session == SessionView::SignedOut)
            .await
    }

    pub(super) async fn when_signed_in(&self) -> View {
        self.when(|view| matches!(view.session, SessionView::SignedIn { .. }))
            .await
    }

    /// The address that the browser was sent to.
    pub(super) async fn opened(&mut self) -> Url {
        tokio::time::timeout(PATIENCE, self.opened.recv())
            .await
            .unwrap()
            .unwrap()
    }

    /// Does in the browser what a person would.
    pub(super) async fn walk(&mut self, person: &Person) -> Arrival {
        walk(self.opened().await, person).await.unwrap()
    }

    /// Signs Ada in, from the button to the account.
    pub(super) async fn sign_in(&mut self) -> Arrival {
        self.when_signed_out().await;
        self.ask(sign_in()).await;
        let arrival = self.walk(&Person::default()).await;
        self.when_signed_in().await;
        arrival
    }

    /// The states that were seen, in order, each once in a row.
    pub(super) fn states(&self) -> Vec<&'static str> {
        let mut states: Vec<_> = self
            .seen
            .views
            .lock()
            .unwrap()
            .iter()
            .map(|view| state(&view.session))
            .collect();
        states.dedup();
        states
    }

    pub(super) fn tray(&self) -> Tray {
        self.seen.trays.lock().unwrap().last().unwrap().clone()
    }

    /// What the person was told, once they were.
    pub(super) async fn notice(&self) -> Notice {
        let told = async {
            let mut pause = tokio::time::interval(Duration::from_millis(10));
            loop {
                if let Some(notice) = self.seen.notices.lock().unwrap().first() {
                    return notice.clone();
                }
                pause.tick().await;
            }
        };
        tokio::time::timeout(PATIENCE, told).await.unwrap()
    }

    /// What the tray says of the profile `work`: its text, and what can be pressed.
    pub(super) fn entry(&self) -> (String, Option<Choice>) {
        entry(&self.tray())
    }

    /// The same, as it changed.
    pub(super) fn entries(&self) -> Vec<(String, Option<Choice>)> {
        let mut entries: Vec<_> = self.seen.trays.lock().unwrap().iter().map(entry).collect();
        entries.dedup();
        entries
    }

    pub(super) fn problem(&self) -> Option<Problem> {
        self.handle.view().problem
    }
}

fn entry(tray: &Tray) -> (String, Option<Choice>) {
    let mut menu = tray
        .menu
        .iter()
        .skip_while(|entry| !matches!(entry, Entry::Text(text) if text.starts_with("work: ")));
    let Some(Entry::Text(text)) = menu.next() else {
        panic!("no profile work in {:#?}", tray.menu)
    };
    let choice = match menu.next() {
        Some(Entry::Item(choice)) => Some(choice.clone()),
        _ => None,
    };
    (text.trim_start_matches("work: ").to_owned(), choice)
}

/// Begins a sign-in with the profile `work`.
pub(super) fn sign_in() -> Request {
    Request::SignIn {
        profile: "work".to_owned(),
        way: Way::Browser,
    }
}

/// Stops waiting for the selected profile's sign-in.
pub(super) fn cancel() -> Request {
    Request::CancelSignIn { profile: None }
}

/// Signs out of the selected profile.
pub(super) fn sign_out(end_session: bool) -> Request {
    Request::SignOut {
        profile: None,
        end_session,
    }
}

/// The steps of the flow that is shown.
pub(super) fn steps(view: &View) -> &[FlowStep] {
    view.flow.as_ref().map_or(&[], |flow| &flow.steps)
}

fn state(session: &SessionView) -> &'static str {
    match session {
        SessionView::SignedOut => "signed out",
        SessionView::Restoring => "restoring",
        SessionView::WaitingForBrowser { .. } => "waiting",
        SessionView::WaitingForCode { code: None, .. } => "asking for a code",
        SessionView::WaitingForCode { .. } => "waiting for the code",
        SessionView::Exchanging => "exchanging",
        SessionView::SignedIn { .. } => "signed in",
        SessionView::SigningOut => "signing out",
        SessionView::Expired { .. } => "expired",
    }
}
