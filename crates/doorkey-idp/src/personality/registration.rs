//! How a personality knows its app, and which redirect URIs it takes for the registered one.

use crate::client::DEMO_CLIENT_ID;

/// The app that is registered from the start.
#[derive(Clone, Copy, Debug)]
pub struct Registration {
    /// What it sends as `client_id`.
    pub client_id: &'static str,
    /// What it sends as `client_secret` where one is demanded. Everybody can read it here, so it is no secret.
    pub client_secret: Option<&'static str>,
    /// Where answers may go.
    pub redirect_uris: &'static [&'static str],
    /// Where a browser may go after signing out.
    pub post_logout_redirect_uris: &'static [&'static str],
}

/// Which redirect URIs are the registered one.
#[derive(Clone, Copy, Debug)]
pub struct Redirects {
    /// Where the port does not count, such as `http://127.0.0.1`. Everywhere else each byte does.
    pub any_port: &'static [&'static str],
    /// Whether the path does not count either where the port does not.
    pub any_path: bool,
    /// What the page says to developers about another one.
    pub mismatch: &'static str,
}

impl Registration {
    /// A public client with `/callback` on every loopback host and a scheme of its own.
    pub const STANDARD: Self = Self {
        client_id: DEMO_CLIENT_ID,
        client_secret: None,
        redirect_uris: &[
            "http://127.0.0.1/callback",
            "http://[::1]/callback",
            "http://localhost/callback",
            "dev.doorkey.app:/callback",
            "dev.doorkey.development:/callback",
        ],
        post_logout_redirect_uris: &[
            "http://127.0.0.1/signed-out",
            "http://[::1]/signed-out",
            "http://localhost/signed-out",
            "dev.doorkey.app:/signed-out",
            "dev.doorkey.development:/signed-out",
            "http://127.0.0.1/callback",
            "http://[::1]/callback",
            "http://localhost/callback",
            "dev.doorkey.app:/callback",
            "dev.doorkey.development:/callback",
        ],
    };

    /// The same with a few ports of `127.0.0.1` instead, for servers that compare each byte. They are the ports
    /// that Doorkey tries there.
    pub const FIXED_PORTS: Self = Self {
        redirect_uris: FIXED,
        post_logout_redirect_uris: FIXED,
        ..Self::STANDARD
    };
}

const FIXED: &[&str] = &[
    "http://127.0.0.1:8714/callback",
    "http://127.0.0.1:8715/callback",
    "http://127.0.0.1:8716/callback",
];

impl Redirects {
    /// Any port on the loopback interface ([RFC 8252 7.3](https://www.rfc-editor.org/rfc/rfc8252#section-7.3)).
    pub const STANDARD: Self = Self {
        any_port: &["http://127.0.0.1", "http://[::1]", "http://localhost"],
        any_path: false,
        mismatch: "invalid_redirect_uri",
    };

    /// Each byte counts, the port among them.
    pub const EXACT: Self = Self {
        any_port: &[],
        ..Self::STANDARD
    };
}
