//! One preset against the embedded provider that behaves like its server.

use doorkey_tests::{
    Error, Result,
    agent::{Person, walk},
    command_line::{CommandLine, Demo, Ran, ran},
    keychain::Keyring,
    process::READY,
};
use serde_json::{Value, json};
use tokio::sync::{Mutex, MutexGuard};
use url::Url;

/// Longer than any access token is good for.
const FOR_DAYS: &str = "1000000";

/// One sign-in at a time for presets with ports.
static PORTS: Mutex<()> = Mutex::const_new(());

/// What is expected of a preset.
pub(crate) struct Preset {
    pub(crate) id: &'static str,
    /// What the account says, by member.
    pub(crate) account: &'static [(&'static str, &'static str)],
    /// What is called, and where its answer names the person.
    pub(crate) call: (&'static str, &'static str),
    /// What signing out reports: `done` or `skipped`.
    pub(crate) revoked: &'static str,
    pub(crate) session_ended: &'static str,
    /// Whether its redirect URIs have ports of their own, which few sign-ins at a time can have.
    pub(crate) has_ports: bool,
}

/// `doorkey` with a keychain of its own, and the provider with the profile that leads there.
pub(crate) struct Place {
    pub(crate) doorkey: CommandLine,
    pub(crate) demo: Demo,
    preset: &'static Preset,
    _ports: Option<MutexGuard<'static, ()>>,
}

impl Preset {
    /// Starts the provider, and makes the profile as the preset makes it.
    pub(crate) async fn start(&'static self) -> Result<Place> {
        let _ports = match self.has_ports {
            true => Some(PORTS.lock().await),
            false => None,
        };
        let doorkey = CommandLine::start(Keyring::Unlocked).await?;
        let demo = doorkey.demo_as(self.id).await?;
        Ok(Place {
            doorkey,
            demo,
            preset: self,
            _ports,
        })
    }

    async fn signed_in(&'static self) -> Result<Place> {
        let place = self.start().await?;
        place.ok(&["login"]).await?;
        Ok(place)
    }

    /// A person signs in through the browser, is named, and the session is in the keychain.
    pub(crate) async fn signs_in(&'static self) -> Result<()> {
        let place = self.start().await?;
        let told = place.ok(&["login"]).await?;
        self.is_person(&told);
        assert_eq!(told["storage"], "keychain");
        // All that was asked for, under whatever name it comes back.
        assert_eq!(told["not_granted"], Value::Null);
        assert_ne!(place.doorkey.session().items().await?, []);
        Ok(())
    }

    /// Another process knows who is signed in, although the provider is gone.
    pub(crate) async fn is_restored(&'static self) -> Result<()> {
        let place = self.signed_in().await?;
        let Place { doorkey, demo, .. } = place;
        let profile = demo.place.profile.clone();
        demo.stop().await?;
        let (code, told) = doorkey.json(&["status", "--profile", &profile]).await?;
        assert_eq!(code, Some(0), "{told}");
        self.is_person(&told);
        Ok(())
    }

    /// A token is renewed without a browser, and the API takes the new one.
    pub(crate) async fn refreshes(&'static self) -> Result<()> {
        let place = self.signed_in().await?;
        let first = place.ok(&["token"]).await?;
        let renewed = place.ok(&["token", "--min-ttl", FOR_DAYS]).await?;
        assert_ne!(renewed["token"], first["token"]);
        place.calls().await?;
        // The session that was stored is the renewed one.
        assert_eq!(place.ok(&["token"]).await?["token"], renewed["token"]);
        let again = place.ok(&["token", "--min-ttl", FOR_DAYS]).await?;
        assert_ne!(again["token"], renewed["token"]);
        self.is_person(&place.ok(&["status"]).await?);
        Ok(())
    }

    /// The token does not expire and cannot be renewed, and that is no reason to sign anybody out.
    pub(crate) async fn does_not_refresh(&'static self) -> Result<()> {
        let place = self.signed_in().await?;
        let first = place.ok(&["token"]).await?;
        assert_eq!(first["expires_at"], Value::Null);
        let same = place.ok(&["token", "--min-ttl", FOR_DAYS]).await?;
        assert_eq!(same["token"], first["token"]);
        place.calls().await
    }

    /// The protected API answers with who it was called for.
    pub(crate) async fn calls(&'static self) -> Result<()> {
        self.signed_in().await?.calls().await
    }

    /// Signing out forgets, and does at the provider what it can do.
    pub(crate) async fn signs_out(&'static self) -> Result<()> {
        let place = self.signed_in().await?;
        let told = place.ok(&["logout"]).await?;
        let outcomes = ["local", "revoked", "session_ended"].map(|step| &told[step]["outcome"]);
        assert_eq!(
            outcomes,
            ["done", self.revoked, self.session_ended],
            "{told}"
        );
        assert_eq!(place.run(&["status"]).await?.code, Some(3));
        let kept = place.doorkey.session().items().await?;
        assert!(
            kept.iter().all(|item| item.label.contains("secret")),
            "{kept:?}"
        );
        Ok(())
    }

    /// A person signs in with a code that they type into a browser elsewhere.
    pub(crate) async fn signs_in_with_a_code(&'static self) -> Result<()> {
        let place = self.start().await?;
        let profile = place.profile();
        let mut login =
            place
                .doorkey
                .spawn(&["login", "--device", "--json", "--profile", profile])?;
        let address = login.line("the address", READY, |line| {
            Url::parse(line.strip_prefix("open: ")?).ok()
        });
        let mut address = address.await?;
        let code = login.line("the code", READY, |line| {
            line.strip_prefix("code: ").map(str::to_owned)
        });
        let code = code.await?;
        address.query_pairs_mut().append_pair("user_code", &code);
        walk(address, &Person::default()).await?;
        let ran = ran(&mut login).await?;
        assert_eq!(ran.code, Some(0), "{ran:?}");
        self.is_person(&ran.json()?);
        place.calls().await
    }

    /// The preset offers no sign-in with a code.
    pub(crate) async fn has_no_codes(&'static self) -> Result<()> {
        let place = self.start().await?;
        let told = place.run(&["login", "--device"]).await?.json()?;
        assert_eq!(told["error"]["code"], json!("unsupported_provider"));
        Ok(())
    }

    fn is_person(&self, told: &Value) {
        for (member, value) in self.account {
            assert_eq!(told["account"][member], *value, "{member}: {told}");
        }
    }
}

impl Place {
    pub(crate) fn profile(&self) -> &str {
        &self.demo.place.profile
    }

    /// Runs a command with the profile, and expects that it goes well.
    pub(crate) async fn ok(&self, command: &[&str]) -> Result<Value> {
        let ran = self.run(command).await?;
        if ran.code != Some(0) {
            return Err(Error::unexpected(command.join(" "), format!("{ran:?}")));
        }
        ran.json()
    }

    /// Runs a command with the profile and `--json`.
    pub(crate) async fn run(&self, command: &[&str]) -> Result<Ran> {
        let options = ["--json", "--profile", self.profile()];
        self.doorkey.run(&[command, &options].concat()).await
    }

    /// Calls the API, which must know the person.
    pub(crate) async fn calls(&self) -> Result<()> {
        let (path, pointer) = self.preset.call;
        let told = self.ok(&["api", path]).await?;
        let body = told["body"].as_str().unwrap_or_default();
        let body: Value = serde_json::from_str(body).unwrap_or_default();
        let named = body.pointer(pointer);
        assert!(named.is_some_and(Value::is_string), "{pointer}: {told}");
        assert_eq!(told["status"], 200);
        Ok(())
    }
}
