//! B29, B30, E32 and E38: certificates that nobody should trust, and one that an enterprise does.

use doorkey_core::{ApiRequest, Code};
use doorkey_double::{Answer, Certificate, Endpoint, Flaw, Provider, Server};

use crate::scene::Scene;

const FLAWS: [Flaw; 4] = [
    // Signed by an authority that this computer does not know.
    Flaw::None,
    Flaw::SelfSigned,
    Flaw::Expired,
    Flaw::WrongHost,
];

#[tokio::test]
async fn b29_metadata_behind_a_bad_certificate_is_not_asked_for() {
    for flaw in FLAWS {
        let certificate = Certificate::with(flaw).expect("a certificate");
        let provider = Provider::start_tls(&certificate).await.expect("a port");
        let scene = Scene::at(provider, "");
        let error = scene.doorkey().begin(&scene.profile).await;
        let error = error.expect_err("no sign-in");
        assert_eq!(error.code(), Code::TlsUntrusted, "{flaw:?}");
        let server = scene.provider.server();
        assert!(server.connections() > 0 && server.requests().is_empty());
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
    for flaw in FLAWS {
        let certificate = Certificate::with(flaw).expect("a certificate");
        for member in [
            "jwks_uri",
            "token_endpoint",
            "userinfo_endpoint",
            "revocation_endpoint",
        ] {
            let bad = Server::start_tls(&certificate, |_| Answer::status(200));
            let bad = bad.await.expect("a port");
            let (scene, _folder) = trusted().await;
            let address = format!("{}/here", bad.origin());
            scene.provider.claims(|claims| drop(claims.remove("name")));
            scene.provider.metadata(move |metadata| {
                metadata.insert(member.to_owned(), address.clone().into());
            });
            match member {
                "jwks_uri" | "token_endpoint" => {
                    assert_eq!(scene.fails().await, Code::TlsUntrusted, "{member}");
                }
                // A sign-in does not depend on these.
                _ => {
                    let report = scene.session().await.sign_out(None).await;
                    assert_eq!(report.revoked.is_done(), member == "userinfo_endpoint");
                }
            }
            assert!(bad.requests().is_empty(), "{flaw:?} {member}");
            assert!(bad.connections() > 0, "{flaw:?} {member}");
        }
        let bad = Server::start_tls(&certificate, |_| Answer::status(200));
        let bad = bad.await.expect("a port");
        let scene = Scene::new().await;
        let api = format!("{}/api", scene.provider.issuer());
        let text = scene.provider.profile("").replace(&api, bad.origin());
        let scene = scene.with_profile(&text);
        let session = scene.session().await;
        let error = session.call(ApiRequest::get("me")).await;
        assert_eq!(error.expect_err("refused").code(), Code::TlsUntrusted);
        assert!(bad.requests().is_empty() && bad.connections() > 0);
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
