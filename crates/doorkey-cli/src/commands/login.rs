//! `doorkey login`: from a profile to a session.

mod device;
mod paste;
mod way;

use std::time::Duration;

use clap::Args;
use doorkey_core::{
    Answer, Code, DEMO, Doorkey, Error, Fault, Profile, ProfileName, ProfileSource, Session, SignIn,
};
use serde::Serialize;
use url::Url;

use way::Way;

use super::status::{Signed, lifetime, person};
use crate::browser;
use crate::context::Context;
use crate::exit::{Exit, Failure, Outcome};
use crate::interrupt::Interrupt;
use crate::output::Output;
use crate::progress;

/// Sign in through the browser
///
/// The link is always printed as `open: URL` on standard error, so it can be opened by hand as well.
///
/// Over SSH or without a display, unless BROWSER or the profile names a browser, it signs in with a code where the provider
/// offers that; else it prints the link and takes the address that the browser lands on from the terminal.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  doorkey login
  doorkey login --profile work --no-browser
  doorkey login --profile work --device
  doorkey login --issuer https://login.example.com --client-id desktop \\
      --api https://api.example.com/v1")]
pub(crate) struct Login {
    /// The profile to sign in with, or the name for the one that --issuer makes
    ///
    /// [default: demo, or a name made of the issuer's host]
    #[arg(short, long, value_name = "NAME")]
    profile: Option<ProfileName>,

    /// Make a profile for this issuer and keep it
    #[arg(long, value_name = "URL", requires = "client_id")]
    issuer: Option<String>,

    /// The client id at that issuer
    #[arg(long, value_name = "ID", requires = "issuer")]
    client_id: Option<String>,

    /// A scope to ask for; may be repeated [default: openid profile email offline_access]
    #[arg(long = "scope", value_name = "SCOPE", requires = "issuer")]
    scopes: Vec<String>,

    /// The redirect URI that is registered [default: http://127.0.0.1/callback with a free port]
    #[arg(long, value_name = "URI", requires = "issuer")]
    redirect_uri: Option<String>,

    /// An API that the token may go to, with an optional base path; may be repeated
    #[arg(long, value_name = "URL", requires = "issuer")]
    api: Vec<String>,

    /// Print the link only
    #[arg(long)]
    no_browser: bool,

    /// Sign in with a code that you type into a browser on any device
    ///
    /// Prints `open: URL` and `code: CODE` on standard error, with a QR code if that is a terminal. The answer, with --json
    /// as well, is that of any sign-in.
    #[arg(long, conflicts_with = "no_browser")]
    device: bool,

    /// How long to wait for the browser [default: as the profile says, or 300]
    #[arg(long, value_name = "SECS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    timeout: Option<u64>,
}

#[derive(Serialize)]
struct Document<'a> {
    profile: &'a str,
    #[serde(flatten)]
    signed: Signed<'a>,
}

/// A profile, and whether it is to be kept once it has worked.
struct Chosen {
    profile: Profile,
    is_new: bool,
}

impl Login {
    pub(super) async fn run(self, context: &Context) -> Outcome {
        let Chosen { profile, is_new } = self.chosen(context)?;
        let waiting = match self.timeout {
            Some(seconds) => profile.clone().with_timeout(Duration::from_secs(seconds)),
            None => profile.clone(),
        };
        let session = self.sign_in(context, &waiting).await?;
        if is_new && let Err(error) = context.profiles().save(&profile) {
            // Without its profile nobody could find the session again.
            session.sign_out(None).await;
            return Err(error.into());
        }
        let (info, name) = (session.info(), profile.name());
        if is_new {
            context.output.note(&format!(
                "Kept as profile `{name}`; use it with --profile {name}"
            ));
        }
        let document = Document {
            profile: name.as_str(),
            signed: Signed::of(&info),
        };
        context.output.answer(&document, || {
            format!(
                "Signed in as {} with profile {name}.\n{}",
                person(&info.account),
                lifetime(&info)
            )
        })?;
        Ok(Exit::Done)
    }

    fn chosen(&self, context: &Context) -> Result<Chosen, Failure> {
        let (Some(issuer), Some(client_id)) = (&self.issuer, &self.client_id) else {
            let name = self.profile.clone().map_or_else(|| DEMO.parse(), Ok)?;
            return Ok(Chosen {
                profile: context.profile(&name)?,
                is_new: false,
            });
        };
        let name = match &self.profile {
            Some(name) => name.clone(),
            None => name_for(issuer)?,
        };
        let mut source = ProfileSource::new(issuer, client_id);
        if !self.scopes.is_empty() {
            source = source.scopes(
                self.scopes
                    .iter()
                    .flat_map(|scopes| scopes.split_whitespace()),
            );
        }
        if let Some(uri) = &self.redirect_uri {
            source = source.redirect_uri(uri);
        }
        let profile = self
            .api
            .iter()
            .fold(source, |source, api| source.api(api))
            .build(&name)?;
        match context.profile(&name) {
            Ok(former)
                if former.issuer() != profile.issuer()
                    || former.client_id() != profile.client_id() =>
            {
                return Err(Failure::new(
                    Code::ProfileExists,
                    format!("Profile `{name}` is for another provider or client"),
                )
                .with_hint("Choose another name with --profile."));
            }
            Ok(_) => {}
            Err(error) if error.code() == Code::ProfileNotFound => {}
            Err(error) => return Err(error.into()),
        }
        Ok(Chosen {
            profile,
            is_new: true,
        })
    }

    async fn sign_in(&self, context: &Context, profile: &Profile) -> Result<Session, Failure> {
        let mut interrupt = Interrupt::listen()?;
        let doorkey = context.engine().doorkey;
        let way = tokio::select! {
            way = self.way(context, &doorkey, profile) => way,
            () = interrupt.asked() => return Err(Failure::cancelled()),
        };
        if way == Way::Device {
            return self.with_code(context, profile, &mut interrupt).await;
        }
        let sign_in = tokio::select! {
            begun = doorkey.begin(profile) => begun.map_err(|error| unreachable_demo(error, profile))?,
            () = interrupt.asked() => return Err(Failure::cancelled()),
        };
        open(context, profile, &sign_in, way);
        let pasted = paste::take(&context.output, sign_in.paste_handle());
        let deadline = sign_in.deadline();
        let answer = tokio::select! {
            answer = sign_in.answer() => answer?,
            () = interrupt.asked() => return Err(Failure::cancelled()),
            // What counts down on the last line would wipe what is being pasted there.
            () = progress::count_down(&context.output, deadline), if way != Way::Paste => return Err(Failure::cancelled()),
            () = pasted, if way == Way::Paste => return Err(Failure::cancelled()),
        };
        context.output.clear_progress();
        finish(answer, &mut interrupt, &context.output).await
    }

    /// The way that was typed, or else the one that can be gone here; why it is not the browser is told.
    async fn way(&self, context: &Context, doorkey: &Doorkey, profile: &Profile) -> Way {
        if self.device {
            return Way::Device;
        }
        if self.no_browser {
            return Way::Link;
        }
        let (way, reason) = Way::choose(doorkey, profile).await;
        if let Some(reason) = reason {
            let what = if way == Way::Device {
                "signing in with a code"
            } else {
                "printing the link only"
            };
            context
                .output
                .note(&format!("note: {what}, since {reason}"));
        }
        way
    }
}

fn open(context: &Context, profile: &Profile, sign_in: &SignIn, way: Way) {
    context
        .output
        .note(&format!("open: {}", sign_in.authorization_url()));
    if way != Way::Browser {
        return;
    }
    if let Err(error) = sign_in.open(browser::of(profile)) {
        context.output.note(&format!(
            "{}; open the link yourself, the sign-in goes on waiting",
            error.message()
        ));
    }
}

/// Redeems the answer. Whoever cancels now gets no session, and the provider is told so.
async fn finish(
    answer: Answer,
    interrupt: &mut Interrupt,
    output: &Output,
) -> Result<Session, Failure> {
    let finishing = answer.finish();
    tokio::pin!(finishing);
    tokio::select! {
        biased;
        finished = &mut finishing => return Ok(finished?),
        () = interrupt.asked() => {}
    }
    // The code may be redeemed already: what comes of it must not stay behind.
    output.note("Cancelling; Ctrl-C again leaves at once");
    tokio::select! {
        () = async { if let Ok(session) = finishing.await { session.sign_out(None).await; } } => {}
        () = interrupt.asked() => {}
    }
    Err(Failure::cancelled())
}

/// The demo's provider runs only while somebody runs it.
fn unreachable_demo(error: Error, profile: &Profile) -> Failure {
    let is_demo = profile.name().as_str() == DEMO && error.fault() == Fault::Network;
    let failure = Failure::from(error);
    if is_demo {
        failure.with_hint("Start the demo's provider in another terminal: doorkey demo")
    } else {
        failure
    }
}

/// `https://login.example.com:8443/x` gives `login.example.com-8443`.
fn name_for(issuer: &str) -> Result<ProfileName, Failure> {
    let nameless = || {
        Failure::usage(
            "No name can be made of the issuer",
            "Choose one with --profile.",
        )
    };
    let url = Url::parse(issuer).map_err(|error| {
        Failure::new(
            Code::ProfileInvalid,
            format!("{issuer:?} is not a URL: {error}"),
        )
        .with_hint("Write the issuer whole, such as https://login.example.com.")
    })?;
    let mut name: String = url.host_str().unwrap_or_default().to_owned();
    if let Some(port) = url.port() {
        name.push_str(&format!("-{port}"));
    }
    let name: String = name
        .chars()
        .map(|character| if character == ':' { '-' } else { character })
        .filter(|character| !matches!(character, '[' | ']'))
        .collect();
    name.trim_start_matches(['-', '.', '_'])
        .trim_end_matches('.')
        .parse()
        .map_err(|_| nameless())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_named_after_the_issuers_host() {
        for (issuer, name) in [
            ("https://LOGIN.example.com/tenant", "login.example.com"),
            ("https://login.example.com:8443", "login.example.com-8443"),
            ("http://127.0.0.1:4180", "127.0.0.1-4180"),
            ("http://[::1]:4180", "1-4180"),
            ("https://login.example.com.", "login.example.com"),
        ] {
            assert_eq!(name_for(issuer).unwrap().as_str(), name);
        }
        assert_eq!(
            name_for("login.example.com").unwrap_err().code,
            "profile_invalid"
        );
        assert_eq!(name_for("data:x").unwrap_err().code, "usage");
    }
}
