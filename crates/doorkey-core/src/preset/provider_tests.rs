//! What each preset makes of typical values, and that its form opens again as it was left.

use super::*;
use crate::error::Code;
use crate::profile::{Profile, ProfileName};

type Set<'a> = &'a [(&'a str, &'a str)];

fn name() -> ProfileName {
    "work".parse().expect("a name")
}

fn fill(id: &str, set: Set<'_>) -> Result<Profile, FormFault> {
    let values: Vec<_> = set
        .iter()
        .map(|(field, text)| ((*field).to_owned(), (*text).to_owned()))
        .collect();
    Preset::named(id).expect("a preset").fill(&name(), &values)
}

/// Makes the profile, and opens it as a form: the same preset, and no more than was filled in.
fn made(id: &str, set: Set<'_>) -> Profile {
    let profile = fill(id, set).unwrap_or_else(|fault| panic!("{id}: {fault:?}"));
    let read = Profile::parse(&name(), &profile.to_toml()).expect("its own TOML");
    assert_eq!(read, profile, "{id}");
    let (preset, mut values) = Preset::values(&read);
    assert_eq!(preset.id(), id, "{values:?}");
    values.sort_unstable();
    let mut filled: Vec<_> = set
        .iter()
        .map(|(field, text)| (*field, (*text).to_owned()))
        .collect();
    filled.sort_unstable();
    assert_eq!(values, filled, "{id}");
    profile
}

fn assert_toml(profile: &Profile, expected: &str) {
    let text = profile.to_toml();
    let parsed = |text: &str| text.parse::<toml::Table>().expect("TOML");
    assert_eq!(parsed(&text), parsed(expected), "{text}");
}

const CLIENT: (&str, &str) = ("client_id", "abc");
const OFFLINE: &str = "scopes = [\"openid\", \"profile\", \"email\", \"offline_access\"]\n";
const POST: &str = "token_endpoint_auth_method = \"client_secret_post\"\n";
const FIXED: &str =
    "redirect_uri = \"http://127.0.0.1/callback\"\nredirect_ports = [8714, 8715, 8716]\n";

#[test]
fn auth0_ends_its_issuer_with_a_slash_and_names_audience_and_connection() {
    let set = [
        ("domain", "acme.eu.auth0.com"),
        CLIENT,
        ("audience", "https://api.example.com"),
        ("connection", "google-oauth2"),
        ("api", "https://api.example.com/v1"),
    ];
    let profile = made("auth0", &set);
    assert_toml(
        &profile,
        &format!(
            "preset = \"auth0\"\nissuer = \"https://acme.eu.auth0.com/\"\nclient_id = \"abc\"\n\
             api = [\"https://api.example.com/v1\"]\n{OFFLINE}{FIXED}\
             [authorization_parameters]\naudience = \"https://api.example.com\"\nconnection = \"google-oauth2\"\n"
        ),
    );
    assert_eq!(
        profile.redirect_uri().to_register(),
        [8714, 8715, 8716].map(|port| format!("http://127.0.0.1:{port}/callback"))
    );
}

#[test]
fn google_asks_for_offline_access_with_consent() {
    let parameters =
        "[authorization_parameters]\naccess_type = \"offline\"\nprompt = \"consent\"\n";
    assert_toml(
        &made("google", &[CLIENT]),
        &format!(
            "preset = \"google\"\nissuer = \"https://accounts.google.com\"\nclient_id = \"abc\"\n{POST}\
             scopes = [\"openid\", \"email\", \"profile\"]\n{parameters}"
        ),
    );
    let cloud = made("google-cloud", &[CLIENT, ("hosted_domain", "example.com")]);
    assert_toml(
        &cloud,
        &format!(
            "preset = \"google-cloud\"\nissuer = \"https://accounts.google.com\"\nclient_id = \"abc\"\n{POST}\
             scopes = [\"openid\", \"email\", \"profile\", \"https://www.googleapis.com/auth/cloud-platform\"]\n\
             api = [\"https://cloudresourcemanager.googleapis.com\"]\n{parameters}hd = \"example.com\"\n\
             [[templates]]\nmethod = \"GET\"\npath = \"/v1/projects\"\ntitle = \"List projects\"\n"
        ),
    );
}

#[test]
fn okta_is_an_organization_or_one_of_its_servers() {
    let rest = format!(
        "preset = \"okta\"\nclient_id = \"abc\"\n{OFFLINE}{FIXED}[authorization_parameters]\nprompt = \"\"\n"
    );
    let domain = ("domain", "acme.okta.com");
    assert_toml(
        &made("okta", &[domain, CLIENT]),
        &format!("issuer = \"https://acme.okta.com\"\n{rest}"),
    );
    let custom = made(
        "okta",
        &[domain, CLIENT, ("authorization_server", "default")],
    );
    assert_toml(
        &custom,
        &format!("issuer = \"https://acme.okta.com/oauth2/default\"\n{rest}"),
    );
}

#[test]
fn entra_is_one_tenant_or_several_whose_issuer_is_a_template() {
    let rest = format!(
        "preset = \"entra\"\nclient_id = \"abc\"\n{OFFLINE}redirect_uri = \"http://localhost/callback\"\n\
         [authorization_parameters]\nprompt = \"select_account\"\n"
    );
    let one = made("entra", &[("tenant", "1f0c-42"), CLIENT]);
    assert_toml(
        &one,
        &format!("issuer = \"https://login.microsoftonline.com/1f0c-42/v2.0\"\n{rest}"),
    );
    for tenant in ["organizations", "common"] {
        let host = "login.microsoftonline.us";
        let several = made("entra", &[("tenant", tenant), CLIENT, ("host", host)]);
        assert_toml(
            &several,
            &format!(
                "issuer = \"https://{host}/{tenant}/v2.0\"\n{rest}[quirks]\nissuer_template = \"https://{host}/{{tenantid}}/v2.0\"\n"
            ),
        );
    }
}

#[test]
fn adfs_2016_is_refused_with_the_reason() {
    let host = ("host", "fs.example.com");
    assert_toml(
        &made("adfs", &[host, CLIENT]),
        &format!(
            "preset = \"adfs\"\nissuer = \"https://fs.example.com/adfs\"\nclient_id = \"abc\"\n\
             scopes = [\"openid\", \"profile\", \"email\"]\n{FIXED}"
        ),
    );
    assert!(fill("adfs", &[host, CLIENT, ("windows_server", "2019")]).is_ok());
    let fault = fill("adfs", &[host, CLIENT, ("windows_server", "2016")]).expect_err("refused");
    assert_eq!(fault.field, Some("windows_server"));
    assert_eq!(fault.error.code(), Code::UnsupportedProvider);
    assert!(fault.error.message().contains("2016 cannot do PKCE"));
}

#[test]
fn keycloak_is_a_server_with_its_path_and_a_realm() {
    let set = [
        ("base_url", "https://sso.example.com/auth"),
        ("realm", "acme"),
        CLIENT,
        ("authorization_parameters", "ui_locales=de"),
    ];
    assert_toml(
        &made("keycloak", &set),
        &format!(
            "preset = \"keycloak\"\nissuer = \"https://sso.example.com/auth/realms/acme\"\nclient_id = \"abc\"\n{OFFLINE}\
             [authorization_parameters]\nprompt = \"\"\nui_locales = \"de\"\n"
        ),
    );
}

#[test]
fn passport_is_its_endpoints_and_an_account_url() {
    let base = "https://app.example.com";
    let rest = |who: &str| {
        format!(
            "preset = \"passport\"\nclient_id = \"abc\"\nredirect_uri = \"http://127.0.0.1/callback/passport\"\napi = [\"{base}\"]\n\
             [endpoints]\nauthorization = \"{base}/oauth/authorize\"\ntoken = \"{base}/oauth/token\"\n\
             [who_am_i]\nurl = \"{who}\"\nsubject = \"/id\"\nname = \"/name\"\nemail = \"/email\"\n\
             [[templates]]\nmethod = \"GET\"\npath = \"/api/user\"\ntitle = \"Who am I\"\n"
        )
    };
    let usual = made("passport", &[("base_url", base), CLIENT]);
    assert_toml(&usual, &rest("https://app.example.com/api/user"));
    let other = "https://app.example.com/me";
    let own = made(
        "passport",
        &[("base_url", base), CLIENT, ("who_am_i", other)],
    );
    assert_toml(&own, &rest(other));
}

#[test]
fn flyte_is_its_base_url_alone_or_behind_another_server() {
    let base = ("base_url", "https://flyte.example.com");
    let rest = "preset = \"flyte\"\nclient_settings = \"https://flyte.example.com/config/v1/flyte_client\"\n\
                api = [\"https://flyte.example.com\"]\n\
                [who_am_i]\nurl = \"https://flyte.example.com/me\"\nsubject = \"/subject\"\nname = \"/name\"\nemail = \"/email\"\n\
                [[templates]]\nmethod = \"GET\"\npath = \"/api/v1/projects\"\ntitle = \"List projects\"\n\
                [[templates]]\nmethod = \"GET\"\npath = \"/me\"\ntitle = \"Who am I\"\n";
    assert_toml(
        &made("flyte", &[base]),
        &format!("issuer = \"https://flyte.example.com\"\n{rest}"),
    );
    let okta = "https://acme.okta.com/oauth2/default";
    let behind = made("flyte", &[base, ("issuer", okta)]);
    assert_toml(&behind, &format!("issuer = \"{okta}\"\n{rest}"));
    let own = [
        base,
        ("client_id", "abc"),
        ("scopes", "all"),
        ("audience", "b"),
    ];
    assert_eq!(made("flyte", &own).client_id(), "abc");
}

#[test]
fn github_is_github_com_or_an_enterprise_server() {
    let toml = |host: &str, api: &str| {
        format!(
            "preset = \"github\"\nclient_id = \"abc\"\n{POST}scopes = [\"read:user\", \"user:email\"]\nredirect_uri = \"http://127.0.0.1/callback/github\"\n\
             api = [\"{api}\"]\n[endpoints]\nauthorization = \"{host}/login/oauth/authorize\"\ntoken = \"{host}/login/oauth/access_token\"\ndevice_authorization = \"{host}/login/device/code\"\n\
             [who_am_i]\nurl = \"{api}/user\"\nsubject = \"/id\"\nname = \"/login\"\nemail = \"/email\"\n\
             [quirks]\ncomma_separated_scopes = true\npublic_device_flow = true\nform_encoded_tokens = true\n\
             [[templates]]\nmethod = \"GET\"\npath = \"user\"\ntitle = \"Who am I\"\n\
             [[templates]]\nmethod = \"GET\"\npath = \"user/repos\"\ntitle = \"List my repositories\"\n"
        )
    };
    let profile = made("github", &[CLIENT]);
    assert_toml(
        &profile,
        &toml("https://github.com", "https://api.github.com"),
    );
    assert!(profile.quirks.comma_separated_scopes && profile.quirks.form_encoded_tokens);
    let host = "github.example.com";
    assert_toml(
        &made("github", &[CLIENT, ("host", host)]),
        &toml(
            &format!("https://{host}"),
            &format!("https://{host}/api/v3"),
        ),
    );
}

#[test]
fn a_client_secret_has_a_field_and_no_place_in_a_profile() {
    let with = |field: fn(&Field) -> bool| {
        let presets = Preset::all().iter();
        let presets = presets.filter(|preset| preset.secret_field().is_some_and(field));
        presets.map(|preset| preset.id()).collect::<Vec<_>>()
    };
    assert_eq!(
        with(|field| !field.advanced),
        ["google", "google-cloud", "github"]
    );
    assert_eq!(with(|field| field.advanced), ["oidc", "oauth2"]);
    let secret = ("client_secret", "canary-secret");
    for id in ["google", "google-cloud", "github"] {
        assert!(made(id, &[CLIENT]).sends_client_secret());
        let fault = fill(id, &[CLIENT, secret]).expect_err("no place for it");
        assert_eq!(fault.field, Some("client_secret"));
        assert!(!format!("{fault:?} {}", fault.error.hint()).contains("canary"));
    }
    let basic = ("token_endpoint_auth_method", "client_secret_basic");
    assert!(made("google", &[CLIENT, basic]).sends_client_secret());
    assert!(
        !made("google", &[CLIENT, ("token_endpoint_auth_method", "none")]).sends_client_secret()
    );
    let issuer = ("issuer", "https://login.example.com");
    assert!(fill("oidc", &[CLIENT, issuer, basic]).is_ok_and(|made| made.sends_client_secret()));
    assert!(fill("oidc", &[CLIENT, issuer]).is_ok_and(|made| !made.sends_client_secret()));
}

#[test]
fn what_is_wrong_is_told_at_the_field_that_was_filled_in() {
    let cases: [(&str, Set<'_>, &str, Code); 9] = [
        ("auth0", &[CLIENT], "domain", Code::ProfileInvalid),
        (
            "auth0",
            &[("domain", "a me"), CLIENT],
            "domain",
            Code::ProfileInvalid,
        ),
        (
            "okta",
            &[("domain", "http://acme.okta.com"), CLIENT],
            "domain",
            Code::InsecureEndpoint,
        ),
        (
            "okta",
            &[("domain", "acme.okta.com/oauth2/default"), CLIENT],
            "domain",
            Code::ProfileInvalid,
        ),
        (
            "entra",
            &[("tenant", "a/b"), CLIENT],
            "tenant",
            Code::ProfileInvalid,
        ),
        (
            "keycloak",
            &[("base_url", "https://a.example"), CLIENT],
            "realm",
            Code::ProfileInvalid,
        ),
        (
            "passport",
            &[("base_url", "http://app.example"), CLIENT],
            "base_url",
            Code::InsecureEndpoint,
        ),
        (
            "github",
            &[CLIENT, ("host", "http://github.example.com")],
            "host",
            Code::InsecureEndpoint,
        ),
        (
            "flyte",
            &[("base_url", "https://a.example?x")],
            "base_url",
            Code::ProfileInvalid,
        ),
    ];
    for (id, set, field, code) in cases {
        let fault = fill(id, set).expect_err(id);
        assert_eq!(
            (fault.field, fault.error.code()),
            (Some(field), code),
            "{id}: {fault:?}"
        );
        assert!(!fault.error.hint().is_empty());
    }
}

#[test]
fn a_profile_that_is_no_longer_the_presets_opens_as_what_it_is() {
    let text = made("okta", &[("domain", "acme.okta.com"), CLIENT]).to_toml();
    let other = text.replace("https://acme.okta.com", "https://acme.okta.com/?");
    assert!(Profile::parse(&name(), &other).is_err());
    let other = text.replace("https://acme.okta.com", "https://acme.okta.com/a/b");
    let other = Profile::parse(&name(), &other).expect("a profile");
    let (preset, values) = Preset::values(&other);
    assert_eq!(preset.id(), "oidc");
    let values: Vec<_> = values
        .into_iter()
        .map(|(field, text)| (field.to_owned(), text))
        .collect();
    let again = preset.fill(&name(), &values).expect("a profile");
    assert_eq!(
        again.to_toml(),
        other.to_toml().replace("preset = \"okta\"\n", "")
    );
    let unknown = text.replace("\"okta\"", "\"of_tomorrow\"");
    let error = Profile::parse(&name(), &unknown).expect_err("refused");
    assert!(
        error.message().contains("\"of_tomorrow\" is not a preset"),
        "{error:?}"
    );
}

proptest::proptest! {
    /// Whatever the parts are, and whatever else is said: the form opens again with just that.
    #[test]
    fn a_form_of_a_provider_opens_again_as_it_was_left(
        host in "[a-z]{1,6}\\.example(:[1-3][0-9]{2})?",
        path in "(/[a-z]{1,4}){0,2}",
        word in "[a-z0-9-]{1,8}",
        client in "[!-~]{1,12}",
        api in proptest::option::of("https://[a-z]{1,6}\\.example/[a-z]{0,3}"),
    ) {
        let base = format!("https://{host}{path}");
        let own: [(&str, Set<'_>); 9] = [
            ("auth0", &[("domain", &host), ("audience", &word)]),
            ("google", &[("login_hint", &word)]),
            ("google-cloud", &[("hosted_domain", &word)]),
            ("okta", &[("domain", &host), ("authorization_server", &word)]),
            ("entra", &[("tenant", &word), ("domain_hint", &host)]),
            ("adfs", &[("host", &host), ("resource", &word)]),
            ("keycloak", &[("base_url", &base), ("realm", &word)]),
            ("passport", &[("base_url", &base)]),
            ("github", &[("host", &host)]),
        ];
        for (id, set) in own {
            let mut set = set.to_vec();
            set.push(("client_id", &client));
            set.extend(api.as_deref().map(|api| ("api", api)));
            made(id, &set);
        }
    }
}
