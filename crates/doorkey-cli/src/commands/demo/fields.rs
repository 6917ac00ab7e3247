//! What a preset's form gets so that it leads to the demo.

use doorkey_idp::{Personality, Running};

/// A field of a preset and its text. In the text `{origin}`, `{issuer}`, `{api}` and `{client_id}` stand for the demo's.
type Fields = &'static [(&'static str, &'static str)];

/// Every scope of the demo, where a provider has the usual names for them.
const SCOPES: (&str, &str) = (
    "scopes",
    "openid profile email offline_access projects:read workflows:read executions:write",
);
const CLIENT: (&str, &str) = ("client_id", "{client_id}");
const API: (&str, &str) = ("api", "{api}");

/// The fields of each preset, by its id.
const FIELDS: &[(&str, Fields)] = &[
    ("oidc", &[("issuer", "{issuer}"), CLIENT, SCOPES, API]),
    (
        "auth0",
        &[
            ("domain", "{origin}"),
            CLIENT,
            ("audience", "{api}"),
            SCOPES,
            API,
        ],
    ),
    (
        "keycloak",
        &[
            ("base_url", "{origin}"),
            ("realm", "demo"),
            CLIENT,
            SCOPES,
            API,
        ],
    ),
    (
        "passport",
        &[
            ("base_url", "{origin}"),
            CLIENT,
            ("scopes", "projects:read workflows:read executions:write"),
        ],
    ),
    ("google", &[("issuer", "{issuer}"), CLIENT, API]),
    ("google-cloud", &[("issuer", "{issuer}"), CLIENT, API]),
    (
        "okta",
        &[
            ("domain", "{origin}"),
            ("authorization_server", "default"),
            CLIENT,
            SCOPES,
            API,
        ],
    ),
    (
        "entra",
        &[
            ("host", "{origin}"),
            ("tenant", "organizations"),
            CLIENT,
            (
                "scopes",
                "openid profile email offline_access api://doorkey-demo/read api://doorkey-demo/write",
            ),
            API,
        ],
    ),
    (
        "adfs",
        &[
            ("host", "{origin}"),
            CLIENT,
            (
                "scopes",
                "openid profile email api://doorkey-demo/read api://doorkey-demo/write",
            ),
            API,
        ],
    ),
    ("flyte", &[("base_url", "{origin}")]),
    ("github", &[("host", "{origin}"), CLIENT]),
    (
        "oauth2",
        &[
            ("authorization_endpoint", "{origin}/authorize"),
            ("token_endpoint", "{origin}/token"),
            (
                "device_authorization_endpoint",
                "{origin}/device_authorization",
            ),
            ("revocation_endpoint", "{origin}/revoke"),
            CLIENT,
            ("who_am_i", "{api}/api/me"),
            ("who_am_i_name", "/name"),
            ("who_am_i_email", "/email"),
            ("scopes", "projects:read workflows:read executions:write"),
            API,
        ],
    ),
];

/// What to fill in for this personality.
pub(super) fn of(personality: &Personality, running: &Running) -> Vec<(String, String)> {
    let filled = |text: &str| {
        text.replace("{origin}", running.origin())
            .replace("{issuer}", running.issuer())
            .replace("{api}", running.api())
            .replace("{client_id}", personality.client.client_id)
    };
    let fields = FIELDS.iter().find(|(id, _)| *id == personality.id);
    let fields = fields.map_or(&[][..], |(_, fields)| fields);
    let set = fields.iter();
    set.map(|(name, text)| ((*name).to_owned(), filled(text)))
        .collect()
}

#[cfg(test)]
mod tests {
    use doorkey_core::Preset;
    use doorkey_idp::{Config, start};

    use super::*;

    #[tokio::test]
    async fn each_personality_is_reached_with_the_preset_of_its_name() {
        for personality in Personality::all() {
            let config = Config {
                port: 0,
                personality: personality.clone(),
                ..Config::default()
            };
            let running = start(config).await.unwrap();
            let preset = Preset::named(personality.id).unwrap();
            let name = "play".parse().unwrap();
            let profile = preset.fill(&name, &of(personality, &running)).unwrap();
            assert_eq!(Preset::values(&profile).0, preset);
            // What the server tells itself is not in the profile.
            let asks_the_server = personality.addresses.client_settings.is_some();
            assert_eq!(profile.client_settings().is_some(), asks_the_server);
            if !asks_the_server {
                assert_eq!(profile.client_id(), personality.client.client_id);
            }
            let apis = profile.api().iter();
            let has_api = apis
                .map(|api| api.as_str().trim_end_matches('/'))
                .any(|api| running.api().starts_with(api));
            assert!(has_api || profile.api().is_empty(), "{}", personality.id);
            let demands_secret = personality.client.client_secret.is_some();
            assert_eq!(
                profile.sends_client_secret(),
                demands_secret,
                "{}",
                personality.id
            );
            running.shutdown().await;
        }
    }
}
