//! The ways in which an answer can come home, each through the embedded provider's own pages.

#![expect(clippy::expect_used, reason = "a test may fail")]

use std::net::Ipv4Addr;
use std::time::Duration;

use doorkey_core::{
    ApiRequest, Code, Doorkey, Flow, LinkOutcome, Links, Profile, Result, Step, StepKind, Value,
};
use doorkey_idp::{Config, Running};
use doorkey_tests::agent::{Arrival, Person, walk};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use url::Url;

async fn provider() -> Running {
    doorkey_idp::start(Config {
        port: 0,
        ..Config::default()
    })
    .await
    .expect("the embedded provider")
}

fn profile(provider: &Running, fields: &str) -> Profile {
    let text = format!(
        "issuer = {:?}\nclient_id = \"doorkey-desktop\"\n{fields}\n",
        provider.issuer()
    );
    Profile::parse(&"demo".parse().expect("a name"), &text).expect("a profile")
}

/// Signs in and gives back where the browser ended.
async fn arrival(profile: &Profile) -> Arrival {
    let doorkey = Doorkey::in_memory().build();
    let sign_in = doorkey.begin(profile).await.expect("to begin");
    let walking: std::sync::Mutex<Option<JoinHandle<_>>> = std::sync::Mutex::default();
    let browser = |url: &Url| -> Result<()> {
        let url = url.clone();
        *walking.lock().expect("the walk") = Some(tokio::spawn(async move {
            walk(url, &Person::default()).await.expect("to get through")
        }));
        Ok(())
    };
    sign_in.open(&browser).expect("to open");
    let session = sign_in
        .answer()
        .await
        .expect("an answer")
        .finish()
        .await
        .expect("a session");
    assert_eq!(session.info().account.name(), Some("Ada Moreno"));
    let walking = walking.into_inner().expect("the walk").expect("a walk");
    walking.await.expect("to arrive")
}

async fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .expect("a port")
        .local_addr()
        .expect("an address")
        .port()
}

#[tokio::test]
async fn a_free_port_and_the_default_path() {
    let provider = provider().await;
    let arrival = arrival(&profile(&provider, "")).await;
    assert_eq!(
        (arrival.status, arrival.url.path(), arrival.url.host_str()),
        (Some(200), "/callback", Some("127.0.0.1"))
    );
    assert!(
        arrival
            .pages
            .last()
            .expect("a page")
            .title
            .contains("signed in"),
        "{:?}",
        arrival.pages
    );
}

#[tokio::test]
async fn form_post_brings_the_code_in_a_body() {
    let provider = provider().await;
    let arrival = arrival(&profile(&provider, "response_mode = \"form_post\"")).await;
    assert_eq!((arrival.status, arrival.url.query()), (Some(200), None));
}

#[tokio::test]
async fn a48_localhost_is_listened_on_in_both_families() {
    let provider = provider().await;
    let profile = profile(&provider, "redirect_uri = \"http://localhost/callback\"");
    let sign_in = Doorkey::in_memory()
        .build()
        .begin(&profile)
        .await
        .expect("to begin");
    let redirect_uri = sign_in
        .authorization_url()
        .query_pairs()
        .find(|(name, _)| name == "redirect_uri")
        .expect("a redirect URI")
        .1
        .into_owned();
    let port = Url::parse(&redirect_uri)
        .expect("a URL")
        .port()
        .expect("a port");
    TcpStream::connect(("127.0.0.1", port)).await.expect("IPv4");
    if TcpListener::bind(("::1", 0)).await.is_ok() {
        TcpStream::connect(("::1", port)).await.expect("IPv6");
    }
    drop(sign_in);
    assert_eq!(arrival(&profile).await.url.host_str(), Some("localhost"));
}

#[tokio::test]
async fn a46_the_next_port_of_a_list_is_used_and_none_means_an_error() {
    let provider = provider().await;
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .expect("a port");
    let taken = (taken.local_addr().expect("an address").port(), taken);
    let free = free_port().await;
    let listed = profile(
        &provider,
        &format!(
            "redirect_uri = \"http://127.0.0.1:{}/callback\"\nredirect_ports = [{free}]",
            taken.0
        ),
    );
    assert_eq!(arrival(&listed).await.url.port(), Some(free));

    let only = profile(
        &provider,
        &format!("redirect_uri = \"http://127.0.0.1:{}/callback\"", taken.0),
    );
    let error = Doorkey::in_memory()
        .build()
        .begin(&only)
        .await
        .expect_err("no port");
    assert_eq!(error.code(), Code::PortUnavailable);
    assert!(
        error.message().contains(&taken.0.to_string()),
        "{}",
        error.message()
    );
}

#[tokio::test]
async fn a_link_brings_the_code_to_a_scheme_of_our_own() {
    let provider = provider().await;
    let profile = profile(&provider, "redirect_uri = \"dev.doorkey.app:/callback\"");
    let links = Links::new(["dev.doorkey.app"]);
    let doorkey = Doorkey::in_memory().links(links.clone()).build();
    let sign_in = doorkey.begin(&profile).await.expect("to begin");
    let url = sign_in.authorization_url().clone();
    let answer = tokio::spawn(sign_in.answer());
    let arrival = walk(url, &Person::default()).await.expect("to get through");
    // The browser has left the web: whatever the address is now, the system hands it over.
    assert_eq!(arrival.status, None);
    assert_eq!(links.take(arrival.url.as_str()), LinkOutcome::Taken);
    assert_eq!(links.take(arrival.url.as_str()), LinkOutcome::NoAttempt);
    let answer = answer.await.expect("no panic").expect("an answer");
    let session = answer.finish().await.expect("a session");
    assert_eq!(session.info().account.name(), Some("Ada Moreno"));
    assert!(session.info().refreshable);
}

#[tokio::test]
async fn a_refusal_comes_as_a_link_too() {
    let provider = provider().await;
    let profile = profile(&provider, "redirect_uri = \"dev.doorkey.app:/callback\"");
    let links = Links::new(["dev.doorkey.app"]);
    let doorkey = Doorkey::in_memory().links(links.clone()).build();
    let sign_in = doorkey.begin(&profile).await.expect("to begin");
    let refusing = Person {
        denies: true,
        ..Person::default()
    };
    let arrival = walk(sign_in.authorization_url().clone(), &refusing)
        .await
        .expect("to get through");
    assert_eq!(links.take(arrival.url.as_str()), LinkOutcome::Taken);
    let error = sign_in.answer().await.expect_err("a refusal");
    assert_eq!(error.code(), Code::ProviderDenied);
}

#[tokio::test]
async fn each_flow_is_told_under_a_number_of_its_own() {
    // Too short for any use, so that the call has to refresh first.
    let provider = doorkey_idp::start(Config {
        port: 0,
        access_token_lifetime: Duration::from_secs(20),
        ..Config::default()
    })
    .await
    .expect("the embedded provider");
    let profile = profile(&provider, &format!("api = [{:?}]", provider.api()));
    let (sender, steps) = std::sync::mpsc::channel();
    let doorkey = Doorkey::in_memory()
        .observer(move |step: Step| sender.send(step).expect("to be heard"))
        .build();
    let browser = |url: &Url| -> Result<()> {
        let url = url.clone();
        tokio::spawn(async move { walk(url, &Person::default()).await });
        Ok(())
    };
    let session = doorkey
        .sign_in(&profile, &browser)
        .await
        .expect("a session");
    let told: Vec<Step> = steps.try_iter().collect();
    let sign_in = told.first().expect("a step").flow_id;
    assert!(
        told.iter()
            .all(|step| step.flow == Flow::SignIn && step.flow_id == sign_in)
    );
    // The browser was at the upstream too, which only the ID token gives away.
    let kinds: Vec<_> = told.iter().map(|step| step.kind).collect();
    let verified = kinds
        .iter()
        .position(|kind| *kind == StepKind::IdTokenVerified);
    let upstream = verified.expect("a verified token") + 1;
    assert_eq!(kinds.get(upstream), Some(&StepKind::UpstreamSignIn));
    assert_eq!(
        told[upstream].fields,
        [(
            "identity_provider",
            Value::Shown(provider.upstream().to_owned())
        )]
    );

    // Nobody has decided anything yet, so there is nothing to tell.
    assert!(session.can_end_provider_session().await);
    assert!(steps.try_iter().next().is_none());

    let answer = session
        .call(ApiRequest::get("/api/me"))
        .await
        .expect("an answer");
    assert_eq!(answer.status, 200);
    session.sign_out(None).await;
    let told: Vec<Step> = steps.try_iter().collect();
    let mut numbers = vec![(Flow::SignIn, sign_in)];
    for step in &told {
        if !numbers.contains(&(step.flow, step.flow_id)) {
            numbers.push((step.flow, step.flow_id));
        }
    }
    let flows: Vec<_> = numbers.iter().map(|(flow, _)| *flow).collect();
    assert_eq!(
        flows,
        [Flow::SignIn, Flow::Call, Flow::Refresh, Flow::SignOut]
    );
    let mut distinct: Vec<_> = numbers.iter().map(|(_, number)| *number).collect();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a70_nobody_comes_and_the_sign_in_gives_up() {
    let provider = provider().await;
    let profile = profile(&provider, "").with_timeout(Duration::from_secs(60));
    let sign_in = Doorkey::in_memory()
        .build()
        .begin(&profile)
        .await
        .expect("to begin");
    assert_eq!(
        sign_in.answer().await.expect_err("nobody came").code(),
        Code::TimedOut
    );
}

#[tokio::test]
async fn a_plain_oauth_server_has_no_id_token_and_an_unnamed_account() {
    let provider = provider().await;
    let issuer = provider.issuer();
    let text = format!(
        "client_id = \"doorkey-desktop\"\nscopes = [\"projects:read\", \"profile\"]\napi = [{:?}]\n[endpoints]\nauthorization = \"{issuer}/authorize\"\ntoken = \"{issuer}/token\"\n",
        provider.api()
    );
    let doorkey = Doorkey::in_memory().build();
    let browser = |url: &Url| -> Result<()> {
        let url = url.clone();
        tokio::spawn(async move { walk(url, &Person::default()).await });
        Ok(())
    };
    let name = "plain".parse().expect("a name");
    let unnamed = doorkey
        .sign_in(&Profile::parse(&name, &text).expect("a profile"), &browser)
        .await
        .expect("a session");
    assert_eq!(unnamed.info().account.display_name(), "Unnamed account");

    let asked = format!(
        "{text}[who_am_i]\nurl = \"{}/api/me\"\nname = \"/name\"\n",
        provider.api().trim_end_matches('/')
    );
    let named = doorkey
        .sign_in(&Profile::parse(&name, &asked).expect("a profile"), &browser)
        .await
        .expect("a session");
    let account = named.info().account;
    assert_eq!(
        (account.subject(), account.name()),
        (Some("upstream|ada"), Some("Ada Moreno"))
    );
}
