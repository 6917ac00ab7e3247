//! B29, B30, E32 and E38: certificates that nobody should trust, and one that an enterprise does.

use doorkey_core::{ApiRequest, Code};
use doorkey_double::{Answer, Certificate, Endpoint, Flaw, Provider, Server};

use crate::scene::Scene;

/// What must not be trusted, each as a server that would answer, and the error that it is.
async fn untrusted() -> Vec<(String, Code, Server)> {
    let mut servers = Vec::new();
    for flaw in [
        // Signed by an authority that this computer does not know.
        Flaw::None,
        Flaw::SelfSigned,
        Flaw::Expired,
        Flaw::NotYetValid,
        Flaw::WrongHost,
    ] {
        let certificate = Certificate::with(flaw).expect("a certificate");
        let server = Server::start_tls(&certificate, |_| Answer::status(200));
        let server = server.await.expect("a port");
        servers.push((format!("{flaw:?}"), Code::TlsUntrusted, server));
    }
    // There is nothing to trust or not: the two have no language in common.
    let old = Server::start_old_tls().await.expect("a port");
    servers.push(("TLS 1.0".to_owned(), Code::Offline, old));
    servers
}

/// Somebody came, went away from what was shown to them, and told nothing.
fn assert_told_nothing(server: &Server, shown: &str) {
    assert!(server.connections() > 0, "{shown}");
    assert_eq!(server.handshakes(), 0, "{shown}");
    assert!(server.requests().is_empty(), "{shown}");
}

#[tokio::test]
async fn b29_metadata_behind_a_bad_certificate_is_not_asked_for() {
    for (shown, code, server) in untrusted().await {
        let scene = Scene::new().await;
        let issuer = scene.provider.issuer().to_owned();
        let text = scene.provider.profile("").replace(&issuer, server.origin());
        let scene = scene.with_profile(&text);
        let error = scene.doorkey().begin(&scene.profile).await;
        let error = error.expect_err("no sign-in");
        assert_eq!(error.code(), code, "{shown}");
        assert_told_nothing(&server, &shown);
    }
}

/// A provider whose authority the profile names, so that everything is well until one endpoint is elsewhere.
async fn trusted() -> (Scene, tempfile::TempDir) {
    let certificate = Certificate::with(Flaw::None).expect("a certificate");
    let provider = Provider::start_tls(&certificate).await.expect("a port");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("authority.pem");
    std::fs::write(&file, certificate.authority()).expect("to write");
    let lines = format!("ca_file = {:?}", file.display().to_string());
    (Scene::at(provider, &lines), folder)
}

#[tokio::test]
async fn b29_e32_e38_no_endpoint_behind_a_bad_certificate_is_told_anything() {
    for member in [
        "jwks_uri",
        "token_endpoint",
        "userinfo_endpoint",
        "revocation_endpoint",
    ] {
        for (shown, code, bad) in untrusted().await {
            let shown = format!("{member}: {shown}");
            let (scene, _folder) = trusted().await;
            let address = format!("{}/here", bad.origin());
            scene.provider.claims(|claims| drop(claims.remove("name")));
            scene.provider.metadata(move |metadata| {
                metadata.insert(member.to_owned(), address.clone().into());
            });
            match member {
                "jwks_uri" | "token_endpoint" => {
                    assert_eq!(scene.fails().await, code, "{shown}");
                }
                // A sign-in does not depend on these.
                _ => {
                    let report = scene.session().await.sign_out(None).await;
                    assert_eq!(report.revoked.is_done(), member == "userinfo_endpoint");
                }
            }
            assert_told_nothing(&bad, &shown);
        }
    }
    for (shown, code, bad) in untrusted().await {
        let scene = Scene::new().await;
        let api = format!("{}/api", scene.provider.issuer());
        let text = scene.provider.profile("").replace(&api, bad.origin());
        let scene = scene.with_profile(&text);
        let session = scene.session().await;
        let error = session.call(ApiRequest::get("me")).await;
        assert_eq!(error.expect_err("refused").code(), code, "{shown}");
        assert_told_nothing(&bad, &shown);
    }
}

#[tokio::test]
async fn b30_an_authority_that_the_profile_names_is_trusted() {
    let (scene, _folder) = trusted().await;
    let session = scene.session().await;
    let answer = session.call(ApiRequest::get("me")).await;
    assert_eq!(answer.expect("an answer").status, 200);
    assert!(session.sign_out(None).await.revoked.is_done());
    assert_eq!(scene.count(Endpoint::Token), 1);
}
