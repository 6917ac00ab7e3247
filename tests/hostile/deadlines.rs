//! B38, C58 and E26: others who take their time, or do not stop. Once they have been asked, the clock stands still and jumps to
//! the next moment that anybody waits for: what takes a minute is over at once.

use std::time::Duration;

use doorkey_core::{ApiRequest, Code, Doorkey};
use doorkey_double::{Answer, Certificate, Endpoint, Flaw, Flood, Gate, Server};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tokio::time::{self, Instant};

use crate::scene::{Scene, profile};

/// Waits until somebody has been asked, and then for an end, by a clock that jumps. Gives what came, and how long after.
async fn ends<T>(asked: impl Future<Output = ()>, waiting: impl Future<Output = T>) -> (T, u64) {
    tokio::pin!(waiting);
    let begun = Instant::now();
    tokio::select! {
        _ = &mut waiting => panic!("nobody has answered yet"),
        () = asked => {}
    }
    time::pause();
    let ended = waiting.await;
    let took = begun.elapsed().as_secs();
    time::resume();
    (ended, took)
}

/// A server that takes the connection and never says a word about encryption.
#[tokio::test]
async fn e26_a_server_that_stalls_while_connecting_has_eight_seconds() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let origin = format!(
        "https://localhost:{}",
        listener.local_addr().expect("a port").port()
    );
    let scene = Scene::new().await;
    let api = format!("{}/api", scene.provider.issuer());
    let text = scene.provider.profile("").replace(&api, &origin);
    let scene = scene.with_profile(&text);
    let session = scene.session().await;
    let (mut stream, mut held) = (None, Vec::new());
    let asked = async {
        let (mut taken, _) = listener.accept().await.expect("a connection");
        held.push(taken.read_u8().await.expect("the first byte"));
        stream = Some(taken);
    };
    let (answer, took) = ends(
        asked,
        session.call(ApiRequest::new("POST", "me").body("{}")),
    )
    .await;
    // Nothing was asked, so that it may be tried again.
    assert_eq!(answer.expect_err("no answer").code(), Code::Offline);
    assert!((7..=9).contains(&took), "{took}");
    // It has heard how TLS begins, and no word of the request.
    let mut stream = stream.expect("a connection");
    let _ = stream.read_to_end(&mut held).await;
    assert_eq!(held.first(), Some(&22));
    assert!(!String::from_utf8_lossy(&held).contains("canary"));
    let again = time::timeout(Duration::from_millis(1), listener.accept());
    assert!(again.await.is_err(), "nobody tries again");
}

/// An API that never begins its answer, and one that never ends it.
#[tokio::test]
async fn e26_an_answer_that_stalls_has_a_minute_wherever_it_stands() {
    for within in [None, Some(0), Some(5)] {
        let scene = Scene::new().await;
        let session = scene.session().await;
        let gate = Gate::default();
        let held = gate.clone();
        scene
            .provider
            .bend(Endpoint::Api, move |_, answer| match within {
                None => answer.held(&held),
                Some(bytes) => answer.held_within(bytes, &held),
            });
        let server = scene.provider.server();
        let before = server.requests().len();
        let call = session.call(ApiRequest::new("POST", "me").body("{}"));
        let (answer, took) = ends(gate.reached(), call).await;
        assert_eq!(
            answer.expect_err("no answer").code(),
            Code::NetworkTimeout,
            "{within:?}"
        );
        assert!((58..=61).contains(&took), "{within:?}: {took}");
        // It was asked once: nobody knows what it did. The session has nothing to do with it.
        assert_eq!(server.requests().len(), before + 1);
        assert_eq!(scene.count(Endpoint::Token), 1);
        scene.provider.straighten(Endpoint::Api);
        let answer = session.call(ApiRequest::get("me")).await;
        assert_eq!(answer.expect("an answer").status, 200);
    }
}

/// One byte now and then keeps a connection alive, and would keep a client waiting for as long as it lasts.
#[tokio::test]
async fn b38_c58_an_answer_that_drips_is_given_up_in_all() {
    let drips = |answer: Answer| answer.endless().dripping(1, Duration::from_secs(1));
    let scene = Scene::new().await;
    scene
        .provider
        .bend(Endpoint::Metadata, move |_, answer| drips(answer));
    let doorkey = scene.doorkey();
    let server = scene.provider.server();
    let (begun, took) = ends(server.asked(1), doorkey.begin(&scene.profile)).await;
    assert_eq!(begun.expect_err("no metadata").code(), Code::NetworkTimeout);
    assert!((9..=11).contains(&took), "{took}");
    assert_eq!(server.requests().len(), 1);

    let scene = Scene::new().await;
    scene
        .provider
        .bend(Endpoint::Token, move |_, answer| drips(answer));
    let asked = scene.provider.server();
    let (code, took) = ends(asked.asked(2), scene.fails()).await;
    assert_eq!(code, Code::NetworkTimeout);
    assert!((9..=11).contains(&took), "{took}");
    assert_eq!(scene.count(Endpoint::Token), 1, "a code is sent once");
}

/// A server floods the connection with frames that cost it nothing (RUSTSEC-2024-0332, RUSTSEC-2026-0258).
#[tokio::test]
async fn b38_a_flood_of_frames_is_ended_before_it_fills_anything() {
    let certificate = Certificate::with(Flaw::None).expect("a certificate");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("authority.pem");
    std::fs::write(&file, certificate.authority()).expect("to write");
    for (flood, taken) in [
        (Flood::Headers, false),
        (Flood::EmptyData, false),
        (Flood::Pings, true),
        (Flood::Settings, true),
    ] {
        let server = Server::start_flood(&certificate, flood);
        let server = server.await.expect("a port");
        let flooded = profile(&format!(
            "issuer = {:?}\nclient_id = \"a\"\nca_file = {:?}\n",
            server.origin(),
            file.display().to_string()
        ));
        let doorkey = Doorkey::in_memory().build();
        let begin = doorkey.begin(&flooded);
        let error = if taken {
            // Each frame is answered and forgotten; it is the deadline that ends it.
            let (begun, took) = ends(server.asked(1), begin).await;
            assert!((8..=11).contains(&took), "{flood:?}: {took}");
            begun.expect_err("no metadata")
        } else {
            begin.await.expect_err("no metadata")
        };
        let code = match taken {
            true => Code::NetworkTimeout,
            false => Code::NetworkLost,
        };
        assert_eq!(error.code(), code, "{flood:?}: {error}");
        // HTTP/2 was agreed on, and nobody comes back for more.
        assert_eq!((server.connections(), server.handshakes()), (1, 1));
    }
}
