//! The life that is led: one round after the other, each from signing in to signing out.

use std::fmt;
use std::process::ExitCode;
use std::time::Duration;

use doorkey_core::{ApiRequest, Doorkey, Profile, Result, Session, config_folder};
use doorkey_double::CLIENT;
use url::Url;

/// What a process has done, as it says itself.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Rounds {
    pub(crate) finished: u64,
    calls: u64,
    refreshes: u64,
    failures: u64,
}

/// Lives until it is killed.
pub(crate) async fn go(issuer: &str) -> ExitCode {
    let name = "soak".parse().expect("a name");
    let text = format!(
        "issuer = {issuer:?}\nclient_id = {CLIENT:?}\napi = [\"{issuer}/api\"]\ntimeout_seconds = 20\n"
    );
    let profile = Profile::parse(&name, &text).expect("a profile");
    let doorkey = Doorkey::builder(&config_folder().expect("a folder")).build();
    let mut rounds = Rounds::default();
    loop {
        // Cancelled before anybody answers: the port must be free again.
        drop(doorkey.begin(&profile).await);
        match doorkey.sign_in(&profile, &browser).await {
            Ok(session) => rounds.live(&session).await,
            Err(_) => rounds.failures += 1,
        }
        rounds.finished += 1;
        println!("{}", rounds.line());
    }
}

/// What was said last.
pub(crate) fn told(output: &str) -> Rounds {
    let last = output.lines().rev().find_map(|line| {
        let mut numbers = line.split(' ').map(|number| number.parse().ok());
        let mut next = || numbers.next().flatten();
        Some(Rounds {
            finished: next()?,
            calls: next()?,
            refreshes: next()?,
            failures: next()?,
        })
    });
    last.unwrap_or_default()
}

impl Rounds {
    async fn live(&mut self, session: &Session) {
        for _ in 0..4 {
            let mut calls = tokio::task::JoinSet::new();
            for _ in 0..5 {
                let session = session.clone();
                calls.spawn(async move { session.call(ApiRequest::get("me")).await.is_ok() });
            }
            for went_well in calls.join_all().await {
                self.calls += 1;
                self.failures += u64::from(!went_well);
            }
            // Whoever gives up does not break what others wait for.
            let impatient = session.access_token(Duration::from_secs(86400));
            let _ = tokio::time::timeout(Duration::from_millis(1), impatient).await;
            self.refreshes += 1;
            self.failures += u64::from(session.refresh().await.is_err());
        }
        session.sign_out(None).await;
    }

    fn line(&self) -> String {
        format!(
            "{} {} {} {}",
            self.finished, self.calls, self.refreshes, self.failures
        )
    }
}

/// Goes where it is sent, as a browser does.
fn browser(url: &Url) -> Result<()> {
    let url = url.clone();
    tokio::spawn(async move {
        let client = reqwest::Client::builder().no_proxy().build();
        // What it meets is the business of the sign-in.
        let _ = client.expect("a client").get(url).send().await;
    });
    Ok(())
}

impl fmt::Display for Rounds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} rounds, {} calls, {} refreshes asked for, {} of all these failed as they were made to",
            self.finished, self.calls, self.refreshes, self.failures
        )
    }
}
