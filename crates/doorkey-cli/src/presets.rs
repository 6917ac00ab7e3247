//! Presets: the fields that a person fills in, and the profile that comes of them.

use clap::ValueEnum;
use doorkey_core::{Code, Profile, ProfileName};
use toml::{Table, Value};

use crate::exit::Failure;

/// What a profile is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Preset {
    /// An OpenID Connect provider, or an OAuth 2 server that publishes its metadata
    Oidc,
    /// A plain OAuth 2 server, whose endpoints are given one by one
    Oauth2,
}

/// A field of a preset.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    /// Its name in `--set`.
    pub(crate) name: &'static str,
    /// Whether there is no profile without it.
    pub(crate) required: bool,
    /// What it is.
    pub(crate) about: &'static str,
    /// Where it goes in the profile file.
    path: &'static [&'static str],
    kind: Kind,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Text,
    Words,
    Ports,
    Number,
    Flag,
}

const OIDC: [Field; 2] = [
    required(
        "issuer",
        &["issuer"],
        "The issuer, exactly as the provider writes it",
    ),
    required(
        "client_id",
        &["client_id"],
        "The client id that the provider gave",
    ),
];

const OAUTH2: [Field; 9] = [
    required(
        "authorization_endpoint",
        &["endpoints", "authorization"],
        "Where the browser is sent",
    ),
    required(
        "token_endpoint",
        &["endpoints", "token"],
        "Where codes are redeemed",
    ),
    required(
        "client_id",
        &["client_id"],
        "The client id that the server gave",
    ),
    text(
        "revocation_endpoint",
        &["endpoints", "revocation"],
        "Where tokens are revoked",
    ),
    text(
        "userinfo_endpoint",
        &["endpoints", "userinfo"],
        "Where OpenID Connect claims are told",
    ),
    text(
        "who_am_i",
        &["who_am_i", "url"],
        "A URL that tells whose token it is, as JSON",
    ),
    text(
        "who_am_i_subject",
        &["who_am_i", "subject"],
        "JSON pointer to the account's id there, /id by default",
    ),
    text(
        "who_am_i_name",
        &["who_am_i", "name"],
        "JSON pointer to the name there, such as /login",
    ),
    text(
        "who_am_i_email",
        &["who_am_i", "email"],
        "JSON pointer to the e-mail address there",
    ),
];

const COMMON: [Field; 10] = [
    field(
        "scopes",
        &["scopes"],
        Kind::Words,
        "The scopes to ask for, with spaces between them",
    ),
    field(
        "api",
        &["api"],
        Kind::Words,
        "The APIs that the token may go to, with spaces between them",
    ),
    text(
        "redirect_uri",
        &["redirect_uri"],
        "The registered redirect URI, http://127.0.0.1/callback by default",
    ),
    field(
        "redirect_ports",
        &["redirect_ports"],
        Kind::Ports,
        "Ports to try one after the other",
    ),
    text("response_mode", &["response_mode"], "query, or form_post"),
    field(
        "additional_audiences",
        &["additional_audiences"],
        Kind::Words,
        "Further audiences that an ID token may name",
    ),
    text(
        "ca_file",
        &["ca_file"],
        "A PEM file with certificates to trust as well",
    ),
    field(
        "allow_private_endpoints",
        &["allow_private_endpoints"],
        Kind::Flag,
        "Whether a public issuer may name private addresses",
    ),
    field(
        "timeout_seconds",
        &["timeout_seconds"],
        Kind::Number,
        "How long a sign-in waits for the browser",
    ),
    text(
        PARAMETERS,
        &["authorization_parameters"],
        "A further parameter of the authorization request",
    ),
];

/// Stands for `authorization_parameters.prompt` and its like.
const PARAMETERS: &str = "authorization_parameters.NAME";

const fn field(
    name: &'static str,
    path: &'static [&'static str],
    kind: Kind,
    about: &'static str,
) -> Field {
    Field {
        name,
        required: false,
        about,
        path,
        kind,
    }
}

const fn text(name: &'static str, path: &'static [&'static str], about: &'static str) -> Field {
    field(name, path, Kind::Text, about)
}

const fn required(name: &'static str, path: &'static [&'static str], about: &'static str) -> Field {
    Field {
        name,
        required: true,
        about,
        path,
        kind: Kind::Text,
    }
}

impl Preset {
    /// Its id.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Oidc => "oidc",
            Self::Oauth2 => "oauth2",
        }
    }

    /// What it is for.
    pub(crate) fn about(self) -> &'static str {
        match self {
            Self::Oidc => {
                "An OpenID Connect provider, or an OAuth 2 server that publishes its metadata"
            }
            Self::Oauth2 => "A plain OAuth 2 server, whose endpoints are given one by one",
        }
    }

    /// What can be set.
    pub(crate) fn fields(self) -> impl Iterator<Item = &'static Field> {
        let own: &[Field] = match self {
            Self::Oidc => &OIDC,
            Self::Oauth2 => &OAUTH2,
        };
        own.iter().chain(&COMMON)
    }

    /// Makes a profile of what was set. Lists grow when they are set again.
    ///
    /// # Errors
    /// When a field is unknown, missing, or holds what it cannot.
    pub(crate) fn build(
        self,
        name: &ProfileName,
        set: &[(String, String)],
    ) -> Result<Profile, Failure> {
        let mut table = Table::new();
        for (field, value) in set {
            self.set(&mut table, field, value)?;
        }
        for field in self.fields().filter(|field| field.required) {
            if !set.iter().any(|(name, _)| name == field.name) {
                return Err(Failure::new(
                    Code::ProfileInvalid,
                    format!("Preset {} needs `{}`", self.id(), field.name),
                )
                .with_hint(format!("{}: --set {}=...", field.about, field.name)));
            }
        }
        let text = toml::to_string(&table).map_err(|error| {
            Failure::new(
                Code::Internal,
                format!("The profile cannot be written: {error}"),
            )
        })?;
        Ok(Profile::parse(name, &text)?)
    }

    fn set(self, table: &mut Table, name: &str, value: &str) -> Result<(), Failure> {
        if let Some(parameter) = name
            .strip_prefix("authorization_parameters.")
            .filter(|parameter| !parameter.is_empty())
        {
            return insert(
                table,
                &["authorization_parameters", parameter],
                Value::String(value.to_owned()),
                name,
            );
        }
        let Some(field) = self
            .fields()
            .find(|field| field.name == name && field.name != PARAMETERS)
        else {
            let known: Vec<_> = self.fields().map(|field| field.name).collect();
            return Err(Failure::new(
                Code::ProfileInvalid,
                format!("Preset {} has no field `{name}`", self.id()),
            )
            .with_hint(format!("Its fields: {}.", known.join(", "))));
        };
        insert(table, field.path, field.kind.parse(name, value)?, name)
    }
}

impl Kind {
    fn parse(self, name: &str, value: &str) -> Result<Value, Failure> {
        let wrong = |what: &str| {
            Failure::new(
                Code::ProfileInvalid,
                format!("`{name}` is {what}, not {value:?}"),
            )
            .with_hint("Correct it and try again.")
        };
        let number = |text: &str| {
            text.parse::<u32>()
                .map(|number| Value::Integer(number.into()))
        };
        let words = || value.split([' ', ',']).filter(|word| !word.is_empty());
        Ok(match self {
            Self::Text => Value::String(value.to_owned()),
            Self::Words => Value::Array(
                value
                    .split_whitespace()
                    .map(|word| Value::String(word.to_owned()))
                    .collect(),
            ),
            Self::Ports => Value::Array(
                words()
                    .map(number)
                    .collect::<Result<_, _>>()
                    .map_err(|_| wrong("a list of ports"))?,
            ),
            Self::Number => number(value).map_err(|_| wrong("a number"))?,
            Self::Flag => Value::Boolean(value.parse().map_err(|_| wrong("true or false"))?),
        })
    }
}

fn insert(table: &mut Table, path: &[&str], value: Value, name: &str) -> Result<(), Failure> {
    match path {
        [] => Ok(()),
        [last] => match (table.get_mut(*last), value) {
            (Some(Value::Array(former)), Value::Array(more)) => {
                former.extend(more);
                Ok(())
            }
            (Some(_), _) => Err(Failure::usage(
                format!("`{name}` is set twice"),
                "Set it once.",
            )),
            (None, value) => {
                table.insert((*last).to_owned(), value);
                Ok(())
            }
        },
        [first, rest @ ..] => match table
            .entry((*first).to_owned())
            .or_insert_with(|| Value::Table(Table::new()))
        {
            Value::Table(table) => insert(table, rest, value, name),
            _ => Err(Failure::usage(
                format!("`{name}` is set twice"),
                "Set it once.",
            )),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::Exit;

    fn build(preset: Preset, set: &[(&str, &str)]) -> Result<Profile, Failure> {
        let set: Vec<_> = set
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        preset.build(&"work".parse().unwrap(), &set)
    }

    #[test]
    fn oidc_is_an_issuer_and_a_client() {
        let profile = build(
            Preset::Oidc,
            &[
                ("issuer", "https://a.example/"),
                ("client_id", "desktop"),
                ("scopes", "openid a:b"),
                ("scopes", "c"),
                ("api", "https://api.example/v1"),
                ("redirect_uri", "http://localhost:53593/callback"),
                ("redirect_ports", "8400, 8401"),
                ("authorization_parameters.prompt", "login"),
            ],
        );
        let expected = "issuer = \"https://a.example/\"\nclient_id = \"desktop\"\nscopes = [\"openid\", \"a:b\", \"c\"]\n\
                        redirect_uri = \"http://localhost:53593/callback\"\nredirect_ports = [8400, 8401]\n\
                        api = [\"https://api.example/v1\"]\n[authorization_parameters]\nprompt = \"login\"\n";
        let expected = Profile::parse(&"work".parse().unwrap(), expected).unwrap();
        assert_eq!(
            Profile::parse(expected.name(), &profile.unwrap().to_toml())
                .unwrap()
                .to_toml(),
            expected.to_toml()
        );
    }

    #[test]
    fn oauth2_is_its_endpoints() {
        let profile = build(
            Preset::Oauth2,
            &[
                ("authorization_endpoint", "https://a.example/authorize"),
                ("token_endpoint", "https://a.example/token"),
                ("client_id", "desktop"),
                ("who_am_i", "https://a.example/user"),
                ("who_am_i_name", "/login"),
            ],
        )
        .unwrap();
        assert!(profile.issuer().is_none());
        assert_eq!(profile.provider_host(), "a.example");
        assert!(
            profile
                .to_toml()
                .contains("[who_am_i]\nurl = \"https://a.example/user\""),
            "{}",
            profile.to_toml()
        );
    }

    #[test]
    fn what_is_wrong_is_told_with_the_fix() {
        let client = ("client_id", "b");
        for (set, message) in [
            (vec![client], "Preset oidc needs `issuer`"),
            (
                vec![client, ("isuer", "x")],
                "Preset oidc has no field `isuer`",
            ),
            (
                vec![
                    client,
                    ("issuer", "https://a.example"),
                    ("timeout_seconds", "soon"),
                ],
                "`timeout_seconds` is a number, not \"soon\"",
            ),
            (vec![client, client], "`client_id` is set twice"),
            (
                vec![client, ("issuer", "ftp://a.example")],
                "profile `work`, line 2: `issuer` \"ftp://a.example\" is not an https: address",
            ),
            (
                vec![client, ("authorization_parameters.NAME", "x")],
                "Preset oidc needs `issuer`",
            ),
        ] {
            let failure = build(Preset::Oidc, &set).unwrap_err();
            assert_eq!(
                (failure.exit, failure.message.as_str()),
                (Exit::Usage, message)
            );
            assert_ne!(failure.hint, "");
        }
    }
}
