//! Every field in every direction.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use toml::{Table, Value};

use super::*;
use crate::error::Code;
use crate::profile::{Profile, ProfileName};

fn name() -> ProfileName {
    "work".parse().expect("a name")
}

fn owned(set: &[(&str, &str)]) -> Vec<(String, String)> {
    set.iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect()
}

fn build(id: &str, set: &[(&str, &str)]) -> Result<Profile, FormFault> {
    let preset = Preset::named(id).expect("a preset");
    preset.build(&name(), &owned(set))
}

fn again(profile: &Profile) -> Profile {
    let (preset, values) = Preset::values(profile);
    let values: Vec<_> = values
        .into_iter()
        .map(|(field, text)| (field.to_owned(), text))
        .collect();
    preset.fill(profile.name(), &values).expect("a profile")
}

#[test]
fn oidc_is_an_issuer_and_a_client() {
    let set = [
        ("issuer", "https://a.example/"),
        ("client_id", "desktop"),
        ("scopes", "openid a:b"),
        ("scopes", "c"),
        ("api", "https://api.example/v1"),
        ("redirect_uri", "http://localhost:53593/callback"),
        ("redirect_ports", "8400, 8401"),
        ("authorization_parameters.prompt", "login"),
        (
            "authorization_parameters",
            "audience=a=b\nclaims={\n  \"x\": 1}",
        ),
        ("browser", "firefox -P 'at work'"),
    ];
    let expected = "issuer = \"https://a.example/\"\nclient_id = \"desktop\"\nscopes = [\"openid\", \"a:b\", \"c\"]\n\
                    redirect_uri = \"http://localhost:53593/callback\"\nredirect_ports = [8400, 8401]\n\
                    api = [\"https://api.example/v1\"]\nbrowser = \"firefox -P 'at work'\"\n\
                    [authorization_parameters]\nprompt = \"login\"\naudience = \"a=b\"\nclaims = \"{\\n \\\"x\\\": 1}\"\n";
    let expected = Profile::parse(&name(), expected).expect("a profile");
    let profile = build("oidc", &set).expect("a profile");
    assert_eq!(profile.to_toml(), expected.to_toml());
    assert_eq!(profile.browser().expect("a browser").program(), "firefox");
}

#[test]
fn oauth2_is_its_endpoints() {
    let set = [
        ("authorization_endpoint", "https://a.example/authorize"),
        ("token_endpoint", "https://a.example/token"),
        ("client_id", "desktop"),
        ("who_am_i", "https://a.example/user"),
        ("who_am_i_name", "/login"),
    ];
    let profile = build("oauth2", &set).expect("a profile");
    assert!(profile.issuer().is_none());
    assert_eq!(profile.provider_host(), "a.example");
    let text = profile.to_toml();
    assert!(
        text.contains("[who_am_i]\nurl = \"https://a.example/user\""),
        "{text}"
    );
}

/// Field, what is told beside it, and what is told to somebody who sees no form.
type Told<'a> = (Option<&'a str>, &'a str, &'a str);

#[test]
fn what_is_wrong_is_told_beside_the_field_and_without_a_form() {
    let client = ("client_id", "b");
    let issuer = ("issuer", "https://a.example");
    let cases: [(&[(&str, &str)], Told<'_>); 11] = [
        (
            &[client],
            (
                Some("issuer"),
                "Issuer is missing",
                "Preset oidc needs `issuer`",
            ),
        ),
        (
            &[client, ("isuer", "x")],
            (
                None,
                "Preset oidc has no field `isuer`",
                "Preset oidc has no field `isuer`",
            ),
        ),
        (
            &[client, issuer, ("timeout_seconds", "soon")],
            (
                Some("timeout_seconds"),
                "\"soon\" is not a number",
                "`timeout_seconds` is a number, not \"soon\"",
            ),
        ),
        (
            &[client, issuer, ("timeout_seconds", "9")],
            (
                Some("timeout_seconds"),
                "Time to sign in is out of range",
                "profile `work`, line 3: `timeout_seconds` is out of range",
            ),
        ),
        (
            &[client, client],
            (
                Some("client_id"),
                "Client ID is set twice",
                "`client_id` is set twice",
            ),
        ),
        (
            &[client, ("issuer", "ftp://a.example")],
            (
                Some("issuer"),
                "\"ftp://a.example\" is not an https: address",
                "profile `work`, line 2: `issuer` \"ftp://a.example\" is not an https: address",
            ),
        ),
        (
            &[client, issuer, ("authorization_parameters.state", "x")],
            (
                Some("authorization_parameters"),
                "`state` is set by Doorkey itself",
                "profile `work`, line 5: `authorization_parameters.state` is set by Doorkey itself",
            ),
        ),
        (
            &[client, issuer, ("authorization_parameters", "prompt")],
            (
                Some("authorization_parameters"),
                "\"prompt\" is not lines of name=value",
                "`authorization_parameters` is lines of name=value, not \"prompt\"",
            ),
        ),
        (
            &[client, issuer, ("response_mode", "fragment")],
            (
                Some("response_mode"),
                "\"fragment\" is not query or form_post",
                "`response_mode` is query or form_post, not \"fragment\"",
            ),
        ),
        (
            &[client, issuer, ("browser", "firefox \"")],
            (
                Some("browser"),
                "\"firefox \\\"\" has a quote without an end",
                "profile `work`, line 3: `browser` \"firefox \\\"\" has a quote without an end",
            ),
        ),
        (
            &[client, issuer, ("who_am_i_name", "/login")],
            (
                Some("who_am_i"),
                "Account URL is missing",
                "`who_am_i_name` needs `who_am_i`",
            ),
        ),
    ];
    for (set, told) in cases {
        let fault = build("oidc", set).expect_err("refused");
        let (field, beside) = (fault.field, fault.error.message());
        assert!(!fault.error.hint().is_empty());
        let named = fault.into_named();
        assert!(!named.hint().is_empty());
        assert_eq!(named.code(), Code::ProfileInvalid);
        assert_eq!((field, beside.as_str(), named.message().as_str()), told);
    }
    let insecure = build("oidc", &[client, ("issuer", "http://a.example")]).expect_err("refused");
    assert_eq!(insecure.error.code(), Code::InsecureEndpoint);
}

#[test]
fn a_field_that_is_left_empty_is_not_set() {
    let filled = owned(&[
        ("issuer", "https://a.example"),
        ("client_id", "b"),
        ("scopes", ""),
        ("redirect_uri", " "),
        ("allow_private_endpoints", ""),
        ("response_mode", ""),
        ("authorization_parameters", "\n"),
    ]);
    let profile = Preset::all()[0].fill(&name(), &filled).expect("a profile");
    let plain = Profile::for_issuer(&name(), "https://a.example", "b").expect("a profile");
    assert_eq!(profile, plain);
    let fault = Preset::all()[0]
        .fill(&name(), &filled[1..])
        .expect_err("no issuer");
    assert_eq!(fault.field, Some("issuer"));
}

/// What a field of this preset is set to so that the others can be looked at.
fn something(field: &Field) -> (String, String) {
    let text = if field.example.is_empty() {
        "abc"
    } else {
        field.example
    };
    (field.name.to_owned(), text.to_owned())
}

#[test]
fn what_is_set_to_nothing_stays_nothing_and_the_preset_the_same() {
    let mut kept = BTreeSet::new();
    for preset in Preset::all() {
        for field in preset.fields() {
            for nothing in ["", "\"\""] {
                let mut set: Vec<_> = preset
                    .fields()
                    .filter(|other| other.required && other.name != field.name)
                    .map(something)
                    .collect();
                set.push((field.name.to_owned(), nothing.to_owned()));
                // Most fields refuse it.
                if let Ok(profile) = preset.build(&name(), &set) {
                    let what = format!("{} {}={nothing}", preset.id(), field.name);
                    assert_eq!(again(&profile).to_toml(), profile.to_toml(), "{what}");
                    assert_eq!(Preset::values(&profile).0, *preset, "{what}");
                    kept.insert(what);
                }
            }
        }
    }
    for what in [
        "github api=\"\"",
        "github templates=\"\"",
        "okta redirect_ports=\"\"",
        "google login_hint=",
    ] {
        assert!(kept.contains(what), "{what} is refused");
    }
}

#[test]
fn presets_and_their_fields_can_be_told_apart_and_read() {
    let ids: BTreeSet<_> = Preset::all().iter().map(|preset| preset.id()).collect();
    assert_eq!(ids.len(), Preset::all().len());
    for preset in Preset::all() {
        let names: BTreeSet<_> = preset.fields().map(|field| field.name).collect();
        let labels: BTreeSet<_> = preset.fields().map(|field| field.label).collect();
        assert_eq!(names.len(), preset.fields().count());
        assert_eq!(labels.len(), preset.fields().count());
        assert!(!preset.checklist().is_empty() && !preset.redirect_rule().ends_with('.'));
        for sentence in preset.checklist() {
            assert!(sentence.ends_with('.'), "{sentence}");
        }
        for field in preset.fields() {
            assert!(!field.about.is_empty() && !field.about.ends_with('.'));
            assert!(!(field.required && field.advanced), "{}", field.name);
            assert!(field.needs.is_none_or(|name| preset.field(name).is_some()));
        }
    }
}

/// The names of all fields of a profile file, tables taken apart, of a file in which each is set.
fn leaves(prefix: &str, table: &Table, into: &mut BTreeSet<String>) {
    for (name, value) in table {
        match value {
            Value::Table(inner) if name != "authorization_parameters" => {
                leaves(&format!("{prefix}{name}."), inner, into);
            }
            _ => {
                into.insert(format!("{prefix}{name}"));
            }
        }
    }
}

#[test]
fn no_field_of_a_profile_file_is_missing_from_the_forms() {
    let further = "client_id = \"b\"\ntoken_endpoint_auth_method = \"none\"\nclient_settings = \"https://a.example/c\"\nauthorization_header = \"x\"\nscopes = [\"a\"]\nredirect_uri = \"http://127.0.0.1/\"\nredirect_ports = [1]\n\
                   response_mode = \"query\"\nadditional_audiences = [\"a\"]\napi = [\"https://a.example\"]\nca_file = \"a\"\n\
                   allow_private_endpoints = true\ntimeout_seconds = 10\nbrowser = \"a\"\n";
    let who = "[authorization_parameters]\na = \"b\"\n[who_am_i]\nurl = \"https://a.example\"\nname = \"/a\"\nemail = \"/b\"\n";
    let who = format!(
        "{who}[quirks]\ncomma_separated_scopes = true\npublic_device_flow = true\nform_encoded_tokens = true\n\
         [[templates]]\nmethod = \"GET\"\npath = \"/me\"\ntitle = \"Me\"\n"
    );
    let oidc = format!(
        "issuer = \"https://a.example\"\n{}",
        format!("{further}{who}").replace(
            "[quirks]",
            "[quirks]\nissuer_template = \"https://a.example/{tenantid}\""
        )
    );
    let oauth2 = format!(
        "{further}{who}[endpoints]\nauthorization = \"https://a.example\"\ntoken = \"https://a.example\"\n\
         device_authorization = \"https://a.example\"\nrevocation = \"https://a.example\"\nuserinfo = \"https://a.example\"\n"
    );
    let mut known = BTreeSet::new();
    for text in [oidc, oauth2] {
        let profile = Profile::parse(&name(), &text).expect("a profile");
        let mut fields = BTreeSet::new();
        leaves(
            "",
            &profile.to_toml().parse().expect("a table"),
            &mut fields,
        );
        let (preset, values) = Preset::values(&profile);
        let mut shown: BTreeSet<_> = preset
            .fields()
            .filter(|field| field.kind != FieldKind::Secret)
            .map(|field| field.path.join("."))
            .collect();
        if profile.issuer().is_none() {
            // Who has no issuer has no template of one.
            assert!(shown.remove("quirks.issuer_template"));
        }
        assert_eq!(shown, fields, "{}", preset.id());
        assert_eq!(values.len(), fields.len());
        assert_eq!(again(&profile), profile);
        known.extend(fields);
    }
    // A profile says only of other presets which one it was made from.
    known.insert("preset".to_owned());
    // The parser itself lists what it knows.
    let error = Profile::parse(&name(), "x = 1").expect_err("no such field");
    let message = error.message();
    let listed: BTreeSet<_> = message.split('`').skip(5).step_by(2).collect();
    let top: BTreeSet<_> = known
        .iter()
        .map(|path| path.split('.').next().unwrap_or_default())
        .collect();
    assert_eq!(top, listed, "{message}");
}

fn url() -> impl Strategy<Value = String> {
    "https://[a-z]{1,8}\\.example(:[1-9][0-9]{2})?(/[a-zA-Z0-9 '\"_.=%&-]{0,6}){0,2}"
}

fn text() -> impl Strategy<Value = String> {
    "[^\\p{C}]{1,12}"
}

fn list(of: impl Strategy<Value = String>) -> impl Strategy<Value = Value> {
    vec(of, 0..4).prop_map(|words| Value::Array(words.into_iter().map(Value::String).collect()))
}

fn table(fields: Vec<(&str, Option<Value>)>) -> Table {
    fields
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}

fn string(of: impl Strategy<Value = String>) -> impl Strategy<Value = Value> {
    of.prop_map(Value::String)
}

fn profile() -> impl Strategy<Value = Profile> {
    let access = (
        string("[!-~][ -~]{0,12}"),
        of(list("[!#-\\[\\]-~]{1,8}")),
        of(list(url())),
        of(list(text())),
        of(vec(1_i64..=65535, 0..3)),
    );
    let further = (
        of(prop_oneof![
            Just("none"),
            Just("client_secret_post"),
            Just("client_secret_basic")
        ]),
        of(prop_oneof![Just("query"), Just("form_post")]),
        of(string(text())),
        of(any::<bool>()),
        of(10_i64..=3600),
        of(string("[a-z]{1,8}( '[a-z ]{0,8}'| %s| [a-z-]{1,8}){0,3}")),
        of(proptest::collection::btree_map(
            "x[!-<>-~]{0,8}",
            "[ -~\n]{0,16}",
            0..4,
        )),
    );
    let server = prop_oneof![
        url().prop_map(|issuer| table(vec![("issuer", Some(issuer.into()))])),
        (url(), url(), of(url()), of(url())).prop_map(|(first, second, third, fourth)| {
            let endpoints = table(vec![
                ("authorization", Some(first.into())),
                ("token", Some(second.into())),
                ("revocation", third.map(Value::String)),
                ("userinfo", fourth.map(Value::String)),
            ]);
            table(vec![("endpoints", Some(endpoints.into()))])
        }),
    ];
    let quirks = of((of(any::<bool>()), of(any::<bool>()), of(any::<bool>())));
    let templates = of(vec(
        (
            "[A-Z]{1,6}",
            "/[!-~]{0,8}",
            "[^\\p{C}\\s]([^\\p{C}]{0,8}[^\\p{C}\\s])?",
            of("[^\r]{1,12}"),
        ),
        0..3,
    ));
    let who = of((
        url(),
        of("/[ -~]{0,6}"),
        of("/[ -~]{0,6}"),
        of("/[ -~]{0,6}"),
    ));
    let parts = (access, further, server, who, quirks, templates);
    parts.prop_filter_map(
        "a profile",
        |(access, further, server, who, quirks, templates)| {
            let (client_id, scopes, api, audiences, ports) = access;
            let (method, mode, ca_file, private, timeout, browser, parameters) = further;
            let mut all = table(vec![
                ("client_id", Some(client_id)),
                ("scopes", scopes),
                ("api", api),
                ("additional_audiences", audiences),
                ("redirect_ports", ports.map(Value::from)),
                ("token_endpoint_auth_method", method.map(Value::from)),
                ("response_mode", mode.map(Value::from)),
                ("ca_file", ca_file),
                ("allow_private_endpoints", private.map(Value::from)),
                ("timeout_seconds", timeout.map(Value::from)),
                ("browser", browser),
                (
                    "authorization_parameters",
                    parameters.map(|pairs| {
                        let pairs = pairs
                            .into_iter()
                            .map(|(name, value)| (name, Value::String(value)));
                        Value::Table(pairs.collect())
                    }),
                ),
                (
                    "quirks",
                    quirks.map(|(commas, device, form)| {
                        Value::Table(table(vec![
                            ("comma_separated_scopes", commas.map(Value::from)),
                            ("public_device_flow", device.map(Value::from)),
                            ("form_encoded_tokens", form.map(Value::from)),
                        ]))
                    }),
                ),
                (
                    "templates",
                    templates.map(|requests| {
                        let request = |(method, path, title, body): (
                            String,
                            String,
                            String,
                            Option<String>,
                        )| {
                            Value::Table(table(vec![
                                ("method", Some(method.into())),
                                ("path", Some(path.into())),
                                ("title", Some(title.into())),
                                ("body", body.map(Value::String)),
                            ]))
                        };
                        Value::Array(requests.into_iter().map(request).collect())
                    }),
                ),
                (
                    "who_am_i",
                    who.map(|(url, subject, name, email)| {
                        Value::Table(table(vec![
                            ("url", Some(url.into())),
                            ("subject", subject.map(Value::String)),
                            ("name", name.map(Value::String)),
                            ("email", email.map(Value::String)),
                        ]))
                    }),
                ),
            ]);
            all.extend(server);
            let text = toml::to_string(&all).expect("TOML");
            Profile::parse(&name(), &text).ok()
        },
    )
}

proptest! {
    #[test]
    fn a_form_loses_nothing_of_a_profile(profile in profile()) {
        let again = again(&profile);
        prop_assert_eq!(again.to_toml(), profile.to_toml());
        prop_assert_eq!(again, profile);
    }
}
