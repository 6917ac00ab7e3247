//! Whom a signature is believed.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::signer::unsigned;
use super::*;

const KEYS: [(&str, &str); 9] = [
    ("RS256", "rsa"),
    ("RS384", "rsa"),
    ("RS512", "rsa"),
    ("PS256", "rsa"),
    ("PS384", "rsa"),
    ("PS512", "rsa"),
    ("ES256", "p256"),
    ("ES384", "p384"),
    ("EdDSA", "ed"),
];

fn signed(algorithm: &str, header: &Value) -> IdToken {
    let algorithm = Algorithm::parse(algorithm).unwrap();
    Signer::shared(algorithm).token(algorithm, header, &claims())
}

/// The token with one bit of one of its parts changed.
fn damaged(token: &IdToken, part: usize) -> IdToken {
    let mut parts: Vec<Vec<u8>> = token
        .expose()
        .split('.')
        .map(|part| URL_SAFE_NO_PAD.decode(part).unwrap())
        .collect();
    let middle = parts[part].len() / 2;
    parts[part][middle] ^= 1;
    IdToken::new(
        parts
            .iter()
            .map(|part| URL_SAFE_NO_PAD.encode(part))
            .collect::<Vec<_>>()
            .join("."),
    )
}

#[tokio::test]
async fn each_algorithm_is_accepted_with_its_key() {
    let setting = Setting::new().await;
    for (algorithm, id) in KEYS {
        let outcome = setting
            .verify(&signed(algorithm, &json!({ "alg": algorithm, "kid": id })))
            .await;
        assert_eq!(
            outcome.map(|verified| verified.algorithm).unwrap(),
            algorithm
        );
    }
    let named_by_curve = signed("EdDSA", &json!({ "alg": "Ed25519", "kid": "ed" }));
    assert!(setting.verify(&named_by_curve).await.is_ok());
    assert_eq!(setting.double.count(), 1, "the keys are asked for once");
}

#[tokio::test]
async fn c30_alg_none_is_rejected() {
    let setting = Setting::new().await;
    for name in ["none", "None", "NONE", "nOnE"] {
        for signature in ["", "c2ln"] {
            let token = IdToken::new(format!(
                "{}.{signature}",
                unsigned(&json!({ "alg": name }), &claims())
            ));
            setting
                .refuses(&token, Code::IdTokenInvalid, "not signed")
                .await;
        }
        // Not even when the provider says that it is all right.
        let listed = [name.to_owned()];
        let token = IdToken::new(format!("{}.", unsigned(&json!({ "alg": name }), &claims())));
        let outcome = setting
            .verify_when(&token, |expected| expected.algorithms = &listed)
            .await;
        assert_refusal(&outcome.unwrap_err(), Code::IdTokenInvalid, "not signed");
    }
    assert_eq!(setting.double.count(), 0);
}

#[tokio::test]
async fn c32_a_shared_secret_that_everybody_knows_is_no_signature() {
    let signer = Signer::shared(Algorithm::Rs256);
    let der = signer.public_der();
    let lines: Vec<String> = STANDARD
        .encode(&der)
        .as_bytes()
        .chunks(64)
        .map(|line| String::from_utf8(line.to_vec()).unwrap())
        .collect();
    let pem = format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        lines.join("\n")
    );
    let modulus = signer.jwk()["n"].as_str().unwrap().to_owned();
    let modulus_bytes = URL_SAFE_NO_PAD.decode(&modulus).unwrap();
    let secrets: [&[u8]; 8] = [
        pem.as_bytes(),
        pem.trim_end().as_bytes(),
        &der,
        modulus.as_bytes(),
        &modulus_bytes,
        CLIENT.as_bytes(),
        b"",
        b"secret",
    ];
    // The set even holds a symmetric key of the same id.
    let oct = json!({ "kty": "oct", "kid": "hmac", "alg": "HS256", "k": URL_SAFE_NO_PAD.encode("secret") });
    let setting = Setting::publishing(&[signer.jwk_with_id("rsa"), oct]).await;
    for (name, algorithm) in [
        ("HS256", hmac::HMAC_SHA256),
        ("HS384", hmac::HMAC_SHA384),
        ("HS512", hmac::HMAC_SHA512),
    ] {
        for secret in secrets {
            for header in [
                json!({ "alg": name, "kid": "rsa" }),
                json!({ "alg": name, "kid": "hmac" }),
                json!({ "alg": name }),
            ] {
                let signed = unsigned(&header, &claims());
                let tag = hmac::sign(&hmac::Key::new(algorithm, secret), signed.as_bytes());
                let token = IdToken::new(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag)));
                setting
                    .refuses(&token, Code::IdTokenInvalid, "shared secret")
                    .await;
                let listed = [name.to_owned()];
                let outcome = setting
                    .verify_when(&token, |expected| expected.algorithms = &listed)
                    .await;
                assert_refusal(&outcome.unwrap_err(), Code::IdTokenInvalid, "shared secret");
            }
        }
    }
    // Nor does it help to call the same bytes an RSA signature.
    let signed = unsigned(&json!({ "alg": "RS256", "kid": "rsa" }), &claims());
    let tag = hmac::sign(
        &hmac::Key::new(hmac::HMAC_SHA256, pem.as_bytes()),
        signed.as_bytes(),
    );
    let token = IdToken::new(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag)));
    setting
        .refuses(
            &token,
            Code::IdTokenInvalid,
            "signature that is not the provider's",
        )
        .await;
}

#[tokio::test]
async fn c33_a_wrong_signature_is_rejected() {
    for (algorithm, id) in KEYS {
        let setting = Setting::new().await;
        let right = signed(algorithm, &json!({ "alg": algorithm, "kid": id }));
        assert!(setting.verify(&right).await.is_ok());
        setting
            .refuses(
                &damaged(&right, 2),
                Code::IdTokenInvalid,
                "signature that is not the provider's",
            )
            .await;
        let by_another = Signer::generate(Algorithm::Es256);
        if id == "p256" {
            let forged = by_another.token(
                Algorithm::Es256,
                &json!({ "alg": "ES256", "kid": "p256" }),
                &claims(),
            );
            setting
                .refuses(
                    &forged,
                    Code::IdTokenInvalid,
                    "signature that is not the provider's",
                )
                .await;
        }
    }
}

#[tokio::test]
async fn c33_the_signature_covers_header_and_payload() {
    let setting = Setting::new().await;
    let right = signed(
        "RS256",
        &json!({ "alg": "RS256", "kid": "rsa", "x": "some padding" }),
    );
    let [_, payload, signature] = right.expose().split('.').collect::<Vec<_>>()[..] else {
        panic!()
    };
    let header = URL_SAFE_NO_PAD
        .encode(json!({ "alg": "RS256", "kid": "rsa", "x": "other padding" }).to_string());
    let other_header = IdToken::new(format!("{header}.{payload}.{signature}"));
    setting
        .refuses(&other_header, Code::IdTokenInvalid, "signature that is not")
        .await;
    let promoted = unsigned(
        &json!({ "alg": "RS256", "kid": "rsa" }),
        &with(claims(), "sub", json!("auth0|admin")),
    );
    let promoted = IdToken::new(format!("{promoted}.{signature}"));
    setting
        .refuses(&promoted, Code::IdTokenInvalid, "signature that is not")
        .await;
    let empty = IdToken::new(format!("{}.", right.expose().rsplit_once('.').unwrap().0));
    setting
        .refuses(&empty, Code::IdTokenInvalid, "has no signature")
        .await;
}

#[tokio::test]
async fn c34_an_algorithm_that_the_metadata_does_not_list_is_rejected() {
    let setting = Setting::new().await;
    let token = signed("ES256", &json!({ "alg": "ES256", "kid": "p256" }));
    for (listed, is_accepted) in [
        (vec!["ES256"], true),
        (vec!["RS256", "ES256"], true),
        (vec![], true),
        (vec!["RS256"], false),
        (vec!["none", "HS256"], false),
    ] {
        let listed: Vec<String> = listed.into_iter().map(str::to_owned).collect();
        let outcome = setting
            .verify_when(&token, |expected| expected.algorithms = &listed)
            .await;
        match outcome {
            Ok(_) => assert!(is_accepted, "{listed:?}"),
            Err(error) => {
                assert!(!is_accepted, "{listed:?}");
                assert_refusal(
                    &error,
                    Code::IdTokenInvalid,
                    "`alg` is ES256, which the provider's metadata does not list",
                );
            }
        }
    }
}

#[tokio::test]
async fn c34_the_key_must_fit_the_algorithm() {
    let setting = Setting::new().await;
    for (claimed, made, id) in [
        ("RS256", "ES256", "p256"),
        ("ES256", "RS256", "rsa"),
        ("ES384", "ES256", "p256"),
        ("EdDSA", "ES256", "p256"),
        ("ES256", "EdDSA", "ed"),
        ("RS256", "PS256", "rsa"),
        ("PS256", "RS256", "rsa"),
        ("RS512", "RS256", "rsa"),
    ] {
        let token = signed(made, &json!({ "alg": claimed, "kid": id }));
        setting
            .refuses(&token, Code::IdTokenInvalid, "The ID token")
            .await;
    }
    let only_pss = with(
        Signer::shared(Algorithm::Rs256).jwk_with_id("rsa"),
        "alg",
        json!("PS256"),
    );
    let setting = Setting::publishing(&[only_pss]).await;
    setting
        .refuses(
            &token(&claims()),
            Code::IdTokenInvalid,
            "a key that the provider does not publish",
        )
        .await;
    assert!(
        setting
            .verify(&signed("PS256", &json!({ "alg": "PS256", "kid": "rsa" })))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_key_that_the_token_brings_along_does_not_count() {
    let setting = Setting::new().await;
    let attacker = Signer::generate(Algorithm::Es256);
    for header in [
        json!({ "alg": "ES256", "kid": "p256", "jwk": attacker.jwk() }),
        json!({ "alg": "ES256", "jwk": attacker.jwk() }),
        json!({ "alg": "ES256", "kid": "p256", "jku": setting.double.url("attacker") }),
        json!({ "alg": "ES256", "kid": "p256", "x5u": setting.double.url("attacker"), "x5c": ["MIIB"] }),
    ] {
        let forged = attacker.token(Algorithm::Es256, &header, &claims());
        setting
            .refuses(
                &forged,
                Code::IdTokenInvalid,
                "signature that is not the provider's",
            )
            .await;
    }
    assert!(
        setting
            .double
            .asked()
            .iter()
            .all(|asked| asked.target() == "/jwks")
    );
}

#[tokio::test]
async fn c36_a_malformed_token_is_rejected_before_anybody_is_asked() {
    let setting = Setting::new().await;
    let good = token(&claims());
    let [header, payload, signature] = good.expose().split('.').collect::<Vec<_>>()[..] else {
        panic!()
    };
    for bad in [
        format!("{header}.{payload}"),
        format!("{header}.{payload}.{signature}.{signature}"),
        format!("{header}.{payload}.{signature}.{signature}.{signature}"),
        format!("{header}.{payload}.{signature}=="),
        format!("{header}.{payload}. {signature}"),
        format!("{good}\n", good = good.expose()),
        format!("{header}.{}.{signature}", "A".repeat(10_000_000)),
    ] {
        setting
            .refuses(&IdToken::new(bad), Code::IdTokenInvalid, "The ID token")
            .await;
    }
    assert_eq!(setting.double.count(), 0);
    assert!(setting.verify(&good).await.is_ok());
}

#[tokio::test]
async fn c55_no_refusal_quotes_the_token() {
    let setting = Setting::new().await;
    let canary = "canary-claim-value";
    for claim in [
        "sub", "nonce", "exp", "iat", "nbf", "azp", "at_hash", "name",
    ] {
        let header = json!({ "alg": "RS256", "kid": "canary-key-id" });
        let changed = with(claims(), claim, json!([canary]));
        let token = Signer::shared(Algorithm::Rs256).token(Algorithm::Rs256, &header, &changed);
        let error = setting.verify(&token).await.unwrap_err();
        for text in [
            format!("{error}"),
            format!("{error:?}"),
            format!("{error:#?}"),
            error.message(),
            error.hint().to_owned(),
        ] {
            assert!(
                !text.contains("canary") && !text.contains("eyJ"),
                "{claim}: {text}"
            );
        }
    }
    assert!(!setting.steps.text().contains("canary"));
}

#[tokio::test]
async fn c36_the_longest_token_has_64_kib() {
    let setting = Setting::new().await;
    let sized = |size: usize| IdToken::new(format!("{}.e30.AA", "A".repeat(size - 7)));
    let says = |error: Error| error.message().contains("is longer than");
    for (size, too_long) in [(65_536, false), (65_537, true)] {
        let error = setting.verify(&sized(size)).await.expect_err("no token");
        assert_eq!(says(error), too_long, "{size}");
    }
}

#[tokio::test]
async fn what_a_token_says_of_itself_is_told_without_its_nonce() {
    let setting = Setting::new().await;
    let verified = setting.verify(&token(&claims())).await.expect("a token");
    let text = setting.steps.text();
    for told in [
        "(\"alg\", Shown(\"RS256\"))",
        "(\"kid\", Shown(\"rsa\"))",
        "(\"sub\", Shown(\"auth0|ada\"))",
        "(\"nonce\", Hidden(12))",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
    assert!(!text.contains(NONCE));
    let debug = format!("{verified:?}");
    assert!(debug.contains("RS256") && !debug.contains("Ada"), "{debug}");
}
