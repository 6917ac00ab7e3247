//! Where everything is, and what the metadata tells of it.

use doorkey_idp::Personality;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::play::{Play, standard_but};
use crate::agent::{app, parts, text};

const MEMBERS: [&str; 7] = [
    "authorization_endpoint",
    "token_endpoint",
    "device_authorization_endpoint",
    "jwks_uri",
    "userinfo_endpoint",
    "revocation_endpoint",
    "end_session_endpoint",
];

#[tokio::test]
async fn metadata_names_what_there_is_and_nothing_else() {
    for personality in Personality::all() {
        let play = Play::of(personality.clone()).await;
        let addresses = &personality.addresses;
        let there_is = [
            Some(addresses.authorization),
            Some(addresses.token),
            addresses.device_authorization,
            addresses.keys,
            addresses.userinfo,
            addresses.revocation,
            addresses.end_session,
        ];
        for path in addresses.metadata {
            let address = play.at(path);
            let response = app().get(&address).send().await.unwrap();
            let document: Value = response.json().await.unwrap();
            for (member, path) in MEMBERS.into_iter().zip(there_is) {
                let address = path.map_or(Value::Null, |path| json!(play.at(path)));
                assert_eq!(document[member], address, "{} {member}", personality.id);
            }
            if addresses.tenants.is_none() {
                let issuer = play.provider.issuer();
                assert_eq!(document["issuer"], issuer, "{}", personality.id);
            }
            let methods = personality.metadata.code_challenge_methods;
            let named = document.get("code_challenge_methods_supported");
            assert_eq!(named.is_some(), !methods.is_empty(), "{}", personality.id);
            let says_iss = document.get("authorization_response_iss_parameter_supported");
            assert_eq!(
                says_iss.is_some(),
                personality.authorization.names_issuer,
                "{}",
                personality.id
            );
        }
    }
}

#[tokio::test]
async fn without_a_choice_the_metadata_is_what_the_specifications_want() {
    let play = Play::of(Personality::STANDARD).await;
    let at = |path: &str| format!("{}{path}", play.provider.origin());
    let document = play.get("/.well-known/openid-configuration").await.json();
    assert_eq!(
        document,
        json!({
            "issuer": play.provider.origin(),
            "authorization_endpoint": at("/authorize"),
            "token_endpoint": at("/token"),
            "device_authorization_endpoint": at("/device_authorization"),
            "jwks_uri": at("/jwks"),
            "userinfo_endpoint": at("/userinfo"),
            "revocation_endpoint": at("/revoke"),
            "end_session_endpoint": at("/logout"),
            "scopes_supported": [
                "openid", "profile", "email", "offline_access", "projects:read", "workflows:read",
                "executions:write"
            ],
            "response_types_supported": ["code"],
            "response_modes_supported": ["query", "form_post"],
            "grant_types_supported": [
                "authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"
            ],
            "prompt_values_supported": ["none", "login", "consent", "select_account"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "token_endpoint_auth_methods_supported": ["none"],
            "revocation_endpoint_auth_methods_supported": ["none"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": true,
            "claims_supported": [
                "sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "name",
                "given_name", "family_name", "preferred_username", "picture", "updated_at",
                "email", "email_verified", "identity_provider"
            ],
            "claims_parameter_supported": false,
            "request_parameter_supported": false,
            "request_uri_parameter_supported": false,
            "protected_resources": [play.provider.api()],
            "service_documentation": at("/"),
        })
    );
}

#[tokio::test]
async fn discovery_is_found_only_where_the_provider_has_it() {
    let openid = "/.well-known/openid-configuration";
    let oauth = "/.well-known/oauth-authorization-server";
    for (id, at, not_at) in [
        (
            "oidc",
            vec![openid, oauth],
            vec!["/adfs/.well-known/openid-configuration"],
        ),
        ("flyte", vec![oauth], vec![openid]),
        ("oauth2", vec![], vec![openid, oauth]),
        ("github", vec![], vec![openid, oauth]),
        (
            "okta",
            vec![
                "/oauth2/default/.well-known/openid-configuration",
                "/oauth2/default/.well-known/oauth-authorization-server",
            ],
            vec![openid],
        ),
    ] {
        let play = Play::named(id).await;
        for path in at {
            assert_eq!(play.get(path).await.status, StatusCode::OK, "{id} {path}");
        }
        for path in not_at {
            let status = play.get(path).await.status;
            assert_eq!(status, StatusCode::NOT_FOUND, "{id} {path}");
        }
    }
}

#[tokio::test]
async fn an_unknown_well_known_address_may_be_a_page_to_sign_in() {
    let play = Play::named("passport").await;
    for path in [
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
        "/.well-known/a/b",
    ] {
        let answer = play.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        let media_type = answer.headers["content-type"].to_str().unwrap();
        assert!(media_type.starts_with("text/html"), "{media_type}");
        assert!(answer.body.contains("Sign in"), "{}", answer.body);
    }
    let play = Play::named("oauth2").await;
    let status = play.get("/.well-known/a/b").await.status;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn for_several_tenants_the_issuer_is_a_template_and_the_token_fills_it() {
    let play = Play::named("entra").await;
    let origin = play.provider.origin();
    let own = play.personality.addresses.tenants.unwrap().own;
    let metadata = |tenant: &str| {
        let path = format!("/{tenant}/v2.0/.well-known/openid-configuration");
        let play = &play;
        async move { play.get(&path).await }
    };
    for several in ["organizations", "common"] {
        let document = metadata(several).await.json();
        assert_eq!(document["issuer"], format!("{origin}/{{tenantid}}/v2.0"));
        assert_eq!(
            document["token_endpoint"],
            format!("{origin}/{several}/oauth2/v2.0/token")
        );
    }
    let document = metadata(own).await.json();
    assert_eq!(document["issuer"], format!("{origin}/{own}/v2.0"));
    let refused = metadata("somebody-else").await;
    assert_eq!(refused.error(), (400, "invalid_tenant".to_owned()));

    let (_, claims) = parts(text(&play.tokens().await, "id_token"));
    assert_eq!(claims["iss"], format!("{origin}/{own}/v2.0"));
    assert_eq!(claims["tid"], own);
    let standard = Play::of(Personality::STANDARD).await.tokens().await;
    let (_, claims) = parts(text(&standard, "id_token"));
    assert_eq!(claims.get("tid"), None);
}

#[tokio::test]
async fn an_app_may_ask_how_it_is_registered() {
    let play = Play::named("flyte").await;
    let settings = play.get("/config/v1/flyte_client").await.json();
    assert_eq!(
        settings,
        json!({
            "client_id": "flytectl",
            "redirect_uri": "http://localhost:53593/callback",
            "scopes": ["all", "offline"],
            "authorization_metadata_key": "flyte-authorization",
            "service_http_endpoint": play.provider.origin(),
            "audience": play.provider.origin(),
        })
    );
    let without = standard_but(|_| ());
    let status = Play::of(without).await.get("/config/v1/flyte_client").await;
    assert_eq!(status.status, StatusCode::NOT_FOUND);
}
