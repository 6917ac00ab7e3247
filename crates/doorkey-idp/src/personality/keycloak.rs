//! A realm of a Keycloak server.

use super::{
    Addresses, Metadata, Personality, Redirects, Refresh, RefreshGiven, Registration, SignOut,
};

pub(super) const PERSONALITY: Personality = Personality {
    id: "keycloak",
    title: "Keycloak",
    client: Registration {
        // Without a port; and `[::1]` is compared with it.
        redirect_uris: &["http://127.0.0.1/callback", "http://localhost/callback"],
        ..Registration::STANDARD
    },
    addresses: Addresses {
        issuer: "/realms/demo",
        metadata: &["/realms/demo/.well-known/openid-configuration"],
        authorization: "/realms/demo/protocol/openid-connect/auth",
        token: "/realms/demo/protocol/openid-connect/token",
        device_authorization: Some("/realms/demo/protocol/openid-connect/auth/device"),
        keys: Some("/realms/demo/protocol/openid-connect/certs"),
        userinfo: Some("/realms/demo/protocol/openid-connect/userinfo"),
        revocation: Some("/realms/demo/protocol/openid-connect/revoke"),
        end_session: Some("/realms/demo/protocol/openid-connect/logout"),
        ..Addresses::STANDARD
    },
    metadata: Metadata {
        code_challenge_methods: &["plain", "S256"],
        token_endpoint_auth_methods: &[
            "private_key_jwt",
            "client_secret_basic",
            "client_secret_post",
            "tls_client_auth",
            "client_secret_jwt",
        ],
    },
    redirects: Redirects {
        any_port: &["http://127.0.0.1", "http://localhost"],
        ..Redirects::STANDARD
    },
    refresh: Refresh {
        given: RefreshGiven::Always,
        ..Refresh::STANDARD
    },
    sign_out: SignOut {
        ends_grants: true,
        ..SignOut::STANDARD
    },
    ..Personality::STANDARD
};
