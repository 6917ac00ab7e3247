//! B29, B30, E32 and E38: certificates and versions of TLS that nobody should trust, and an authority that an enterprise does.

use std::path::Path;
use std::process::Command;

use doorkey_core::{ApiRequest, Code};
use doorkey_double::{Answer, Certificate, Endpoint, Flaw, Provider, Server};
use doorkey_tests::process::{READY, Running};

use crate::scene::{Scene, profile};

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

/// OpenSSL's own server, which knows one old version of TLS only, and prints what it is told.
async fn old_server(version: &str, pem: &Path) -> (Running, String) {
    let mut command = Command::new("openssl");
    command.args(["s_server", "-accept", "127.0.0.1:0", version]);
    // Debian's own settings rule the old versions out.
    command.args(["-cipher", "ALL:@SECLEVEL=0", "-cert"]);
    command.arg(pem).arg("-key").arg(pem);
    let mut server = Running::start("openssl s_server", command).expect("OpenSSL");
    let port = server.line("its port", READY, |line| {
        Some(line.strip_prefix("ACCEPT 127.0.0.1:")?.to_owned())
    });
    let origin = format!("https://localhost:{}", port.await.expect("a port"));
    (server, origin)
}

/// Real servers that know no more than TLS 1.0 or 1.1 and would go on with it, with a certificate that is trusted.
#[tokio::test]
async fn b29_e32_a_server_that_knows_only_old_tls_is_told_nothing() {
    let certificate = Certificate::with(Flaw::None).expect("a certificate");
    let folder = tempfile::tempdir().expect("a folder");
    let [pem, authority] = ["server.pem", "authority.pem"].map(|name| folder.path().join(name));
    std::fs::write(&pem, certificate.pem()).expect("to write");
    std::fs::write(&authority, certificate.authority()).expect("to write");
    let trusting = format!("ca_file = {:?}", authority.display().to_string());
    for version in ["-tls1", "-tls1_1"] {
        let (mut server, origin) = old_server(version, &pem).await;
        for role in ["metadata", "jwks_uri", "token_endpoint", "api"] {
            let provider = Provider::start_tls(&certificate).await.expect("a port");
            let api = format!("{}/api", provider.issuer());
            let text = provider.profile(&trusting);
            let (scene, address) = (Scene::at(provider, &trusting), origin.clone());
            let error = match role {
                "metadata" => {
                    let text = text.replace(scene.provider.issuer(), &origin);
                    let begun = scene.doorkey().begin(&profile(&text)).await;
                    begun.expect_err("no sign-in")
                }
                "api" => {
                    let scene = scene.with_profile(&text.replace(&api, &origin));
                    let called = scene.session().await.call(ApiRequest::get("me")).await;
                    called.expect_err("no answer")
                }
                _ => {
                    scene.provider.metadata(move |metadata| {
                        metadata.insert(role.to_owned(), address.clone().into());
                    });
                    let (_, result) = scene.pending().await.arrives().await;
                    assert!(scene.store.names().is_empty(), "{role}");
                    result.expect_err("no session")
                }
            };
            assert_eq!(error.code(), Code::Offline, "{version} {role}: {error}");
            assert!(error.to_string().contains("how to encrypt"), "{error}");
            let refused = server.line("why not", READY, |line| {
                line.contains("unsupported protocol").then_some(())
            });
            refused.await.expect("a refusal for the version's sake");
        }
        let told = server.stdout() + &server.stderr();
        assert!(!told.contains("canary") && !told.contains("HTTP"), "{told}");
    }
}
