use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorkey_core::{Doorkey, MemoryStore, Random, SecretStore as _, SystemRandom};

use super::app::{App, Place, sign_out, steps};
use crate::request::Request;
use crate::view::{ApiCall, SessionView};

/// Remembers all the randomness that it gave: verifiers, states and nonces.
#[derive(Clone, Debug, Default)]
struct Remembered(Arc<Mutex<Vec<String>>>);

impl Random for Remembered {
    fn fill(&self, buffer: &mut [u8]) -> doorkey_core::Result<()> {
        SystemRandom.fill(buffer)?;
        self.0
            .lock()
            .unwrap()
            .push(URL_SAFE_NO_PAD.encode(&*buffer));
        Ok(())
    }
}

/// Everything in the keychain that is long enough to be a token or a piece of one.
fn kept(store: &MemoryStore) -> Vec<String> {
    let mut bytes = Vec::new();
    for name in store.names() {
        bytes.extend_from_slice(&store.read(&name).unwrap().unwrap());
    }
    String::from_utf8_lossy(&bytes)
        .split(|letter: char| !letter.is_ascii_alphanumeric() && !"._-~+/".contains(letter))
        .filter(|run| run.len() >= 32 && !run.starts_with("//"))
        .map(str::to_owned)
        .collect()
}

/// Everything that the window was ever told.
fn told(app: &App) -> String {
    serde_json::to_string(&*app.seen.views.lock().unwrap()).unwrap()
}

#[tokio::test]
async fn g01_g30_the_window_is_never_told_a_secret() {
    let place = Place::new().await;
    let random = Remembered::default();
    let (config, store, source) = (
        place.config().to_owned(),
        place.store.clone(),
        random.clone(),
    );
    let mut app = place.start_with(move |steps| {
        Doorkey::builder(&config)
            .store(store.clone())
            .random(source.clone())
            .observer(steps)
            .build()
    });

    let arrival = app.sign_in().await;
    let (_, code) = arrival
        .url
        .query_pairs()
        .find(|(name, _)| name == "code")
        .unwrap();
    let mut secrets = vec![code.into_owned()];
    secrets.extend(kept(&place.store));
    app.ask(Request::Refresh).await;
    app.when(|view| {
        steps(view)
            .first()
            .is_some_and(|step| step.label == "Present the refresh token")
    })
    .await;
    app.when(|view| {
        matches!(
            view.session,
            SessionView::SignedIn {
                refreshing: false,
                ..
            }
        )
    })
    .await;
    secrets.extend(kept(&place.store));
    let session = place
        .other()
        .restore(&place.profile("work"))
        .await
        .unwrap()
        .unwrap();
    let access = session
        .access_token(std::time::Duration::ZERO)
        .await
        .unwrap();
    let id_token = session.id_token().await.unwrap();
    secrets.extend([access.expose().to_owned(), id_token.expose().to_owned()]);
    secrets.extend(random.0.lock().unwrap().iter().cloned());

    let mut answers = String::new();
    for path in ["/api/me", "/api/v1/nowhere", "https://elsewhere.example/"] {
        let call = ApiCall {
            method: "GET".to_owned(),
            path: path.to_owned(),
            headers: Vec::new(),
            body: None,
        };
        answers += &match app.handle.call(call).await {
            Ok(answer) => serde_json::to_string(&answer).unwrap(),
            Err(problem) => serde_json::to_string(&problem).unwrap(),
        };
    }
    let tokens = app.handle.tokens().await.unwrap();
    assert!(tokens.id_token.is_some());
    answers += &serde_json::to_string(&tokens).unwrap();
    app.ask(sign_out(true)).await;
    let handoff = app.opened().await;
    doorkey_tests::agent::walk(handoff, &doorkey_tests::agent::Person::default())
        .await
        .unwrap();
    app.when(|view| view.signed_out.is_some()).await;

    assert!(
        secrets.len() >= 10,
        "verifier, state, nonce, code and the tokens of two generations"
    );
    let seen = told(&app) + &answers + &format!("{:?}", app.seen.trays.lock().unwrap());
    for secret in secrets {
        assert!(secret.len() >= 20, "{} bytes are no canary", secret.len());
        // In whole, and in each of its parts that stands for itself, as a JWT's signature does.
        for part in secret
            .split('.')
            .filter(|part| part.len() >= 20)
            .chain([secret.as_str()])
        {
            assert!(
                !seen.contains(part),
                "a secret of {} bytes was told",
                part.len()
            );
        }
    }
}
