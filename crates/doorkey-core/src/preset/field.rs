//! A field of a preset: what a person reads, and how text becomes what the profile file holds.

use toml::{Table, Value};

use super::{address, requests, words};

/// A field of a preset. Whatever its kind, it is filled in as text.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Field {
    /// Its name, for programs and for `doorkey profile add --set`.
    pub name: &'static str,
    /// What stands above it in a form.
    pub label: &'static str,
    /// What it is, in one sentence without a full stop.
    pub about: &'static str,
    /// What a value looks like; empty where that is plain.
    pub example: &'static str,
    /// Whether there is no profile without it.
    pub required: bool,
    /// Whether most people leave it alone.
    pub advanced: bool,
    /// What it takes.
    pub kind: FieldKind,
    /// What it is taken to be when it is left empty; empty if nothing is.
    pub fallback: &'static str,
    /// A value that cannot be helped, and why.
    pub(super) refused: Option<(&'static str, &'static str)>,
    /// Where it goes in the profile file; empty if it is only a part of something that does.
    pub(super) path: &'static [&'static str],
    /// The field without which this one means nothing.
    pub(super) needs: Option<&'static str>,
}

/// What a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldKind {
    /// One line.
    Text,
    /// Words with spaces between them. A word with spaces stands in double quotes; `""` alone is the empty list.
    Words,
    /// Port numbers with spaces or commas between them. `""` is the empty list.
    Ports,
    /// A whole number.
    Number,
    /// `true` or `false`.
    Flag,
    /// Lines of `name=value`. A line that begins with a space continues the value before it.
    Pairs,
    /// Lines of `METHOD PATH TITLE`, each a request. A line that begins with a space is one of the body of the request before it.
    /// `""` is the empty list.
    Requests,
    /// The origin of a server: `acme.okta.com` stands for `https://acme.okta.com`.
    Origin,
    /// The address of a server with its path: `sso.example.com/auth` stands for `https://sso.example.com/auth`.
    Base,
    /// One segment of a path, such as a tenant.
    Segment,
    /// A secret of the client, typed without being shown. It is no part of a profile, so neither [`Preset::fill`](super::Preset::fill)
    /// takes it nor [`Preset::values`](super::Preset::values) tells it: see [`Doorkey::set_client_secret`](crate::Doorkey::set_client_secret).
    Secret,
    /// One of these.
    Choice(&'static [&'static str]),
}

impl Field {
    pub(super) const fn new(
        name: &'static str,
        path: &'static [&'static str],
        kind: FieldKind,
        label: &'static str,
        about: &'static str,
    ) -> Self {
        Self {
            name,
            label,
            about,
            example: "",
            required: false,
            advanced: false,
            kind,
            fallback: "",
            refused: None,
            path,
            needs: None,
        }
    }

    /// A field that other things are made of, such as the domain in an issuer.
    pub(super) const fn part_of_others(
        name: &'static str,
        kind: FieldKind,
        label: &'static str,
        about: &'static str,
    ) -> Self {
        Self::new(name, &[], kind, label, about)
    }

    pub(super) const fn fallback(mut self, value: &'static str) -> Self {
        self.fallback = value;
        self
    }

    pub(super) const fn refuse(mut self, value: &'static str, why: &'static str) -> Self {
        self.refused = Some((value, why));
        self
    }

    pub(super) const fn example(mut self, example: &'static str) -> Self {
        self.example = example;
        self
    }

    pub(super) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub(super) const fn advanced(mut self) -> Self {
        self.advanced = true;
        self
    }

    pub(super) const fn needs(mut self, other: &'static str) -> Self {
        self.needs = Some(other);
        self
    }
}

impl FieldKind {
    /// What the file holds for a text, or what the text would have to be, such as `a number`.
    pub(super) fn parse(self, text: &str) -> Result<Value, String> {
        let strings = |words: Vec<String>| words.into_iter().map(Value::String).collect();
        Ok(match self {
            Self::Text => Value::String(text.to_owned()),
            Self::Words => Value::Array(strings(
                words::split(text).ok_or("words, each quote with its end")?,
            )),
            Self::Ports | Self::Requests if text.trim() == words::NONE => Value::Array(Vec::new()),
            Self::Ports => Value::Array(
                text.split([' ', ','])
                    .filter(|word| !word.is_empty())
                    .map(|word| word.parse::<u16>().map(|port| Value::Integer(port.into())))
                    .collect::<Result<_, _>>()
                    .map_err(|_| "a list of ports")?,
            ),
            Self::Number => text
                .trim()
                .parse::<u32>()
                .map(|number| Value::Integer(number.into()))
                .map_err(|_| "a number")?,
            Self::Flag => Value::Boolean(text.trim().parse().map_err(|_| "true or false")?),
            Self::Pairs => Value::Table(pairs(text)?),
            Self::Requests => {
                Value::Array(requests::parse(text).ok_or("lines of METHOD PATH TITLE")?)
            }
            Self::Origin => Value::String(
                address::origin(text).ok_or("the address of a server without a path")?,
            ),
            Self::Base => Value::String(address::base(text).ok_or("the address of a server")?),
            Self::Segment => {
                Value::String(address::segment(text).ok_or("one word, as it stands in an address")?)
            }
            Self::Secret => return Err("kept apart from the profile".to_owned()),
            Self::Choice(options) if options.contains(&text.trim()) => {
                Value::String(text.trim().to_owned())
            }
            Self::Choice(options) => return Err(options.join(" or ")),
        })
    }

    /// The text that [`parse`](Self::parse) makes this value of.
    pub(super) fn text(self, value: &Value) -> String {
        match value {
            Value::String(text) if self == Self::Origin => address::host(text).to_owned(),
            Value::String(text) => text.clone(),
            Value::Array(values) if values.is_empty() => words::NONE.to_owned(),
            Value::Array(values) if self == Self::Words => {
                words::join(values.iter().filter_map(Value::as_str))
            }
            Value::Array(values) if self == Self::Requests => requests::lines(values),
            Value::Array(values) => values
                .iter()
                .map(Value::to_string)
                .collect::<Vec<_>>()
                .join(" "),
            Value::Table(table) => table
                .iter()
                .map(|(name, value)| {
                    let value = value.as_str().unwrap_or_default();
                    format!("{name}={}", value.replace('\n', "\n "))
                })
                .collect::<Vec<_>>()
                .join("\n"),
            other => other.to_string(),
        }
    }
}

/// Reads lines of `name=value`. Whoever writes `name = value` does not mean the spaces.
fn pairs(text: &str) -> Result<Table, String> {
    let form = "lines of name=value";
    let mut table = Table::new();
    let mut last: Option<String> = None;
    for line in text.split('\n') {
        if let (Some(more), Some(name)) = (line.strip_prefix(' '), &last) {
            if let Some(Value::String(value)) = table.get_mut(name) {
                value.push('\n');
                value.push_str(more);
            }
            continue;
        }
        if line.trim().is_empty() {
            continue;
        }
        let (name, value) = line.split_once('=').ok_or(form)?;
        let is_spaced = name.ends_with(' ');
        let value = if is_spaced { value.trim() } else { value };
        let name = name.trim().to_owned();
        if table.contains_key(&name) {
            return Err(format!("{form}, each name once"));
        }
        table.insert(name.clone(), Value::String(value.to_owned()));
        last = Some(name);
    }
    Ok(table)
}
