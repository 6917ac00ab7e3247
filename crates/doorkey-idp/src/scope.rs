//! What apps may be allowed, the names that a provider has for it, and sets of names.

use serde::{Deserialize, Serialize};

/// What an app may be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Sign-in itself: an ID token.
    OpenId,
    /// Name, user name and picture.
    Profile,
    /// E-mail address.
    Email,
    /// A refresh token.
    OfflineAccess,
    /// `GET /api/v1/projects`.
    ProjectsRead,
    /// `GET /api/v1/workflows` and `GET /api/v1/executions`.
    WorkflowsRead,
    /// `POST /api/v1/executions`.
    ExecutionsWrite,
}

/// Every scope, as the demo profile asks for them.
pub const DEMO_SCOPES: &str =
    "openid profile email offline_access projects:read workflows:read executions:write";

impl Scope {
    /// What there is to be allowed, in the order in which it is written and shown.
    pub const ALL: [Self; 7] = [
        Self::OpenId,
        Self::Profile,
        Self::Email,
        Self::OfflineAccess,
        Self::ProjectsRead,
        Self::WorkflowsRead,
        Self::ExecutionsWrite,
    ];

    /// What the API asks for.
    pub const API: &'static [Self] = &[
        Self::ProjectsRead,
        Self::WorkflowsRead,
        Self::ExecutionsWrite,
    ];

    /// Its usual name in a request.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OpenId => "openid",
            Self::Profile => "profile",
            Self::Email => "email",
            Self::OfflineAccess => "offline_access",
            Self::ProjectsRead => "projects:read",
            Self::WorkflowsRead => "workflows:read",
            Self::ExecutionsWrite => "executions:write",
        }
    }

    const fn alone(self) -> &'static [Self] {
        match self {
            Self::OpenId => &[Self::OpenId],
            Self::Profile => &[Self::Profile],
            Self::Email => &[Self::Email],
            Self::OfflineAccess => &[Self::OfflineAccess],
            Self::ProjectsRead => &[Self::ProjectsRead],
            Self::WorkflowsRead => &[Self::WorkflowsRead],
            Self::ExecutionsWrite => &[Self::ExecutionsWrite],
        }
    }
}

/// A name that an app can ask for, and what it allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScopeName {
    /// As it is written, such as `read:user`.
    pub name: &'static str,
    /// What it allows; nothing for a name that only has to be known.
    pub allows: &'static [Scope],
}

/// The names that a provider has for scopes, and how it reads and writes them.
#[derive(Clone, Copy, Debug)]
pub struct Vocabulary {
    /// In the order in which they are written and shown.
    pub names: &'static [ScopeName],
    /// What every token allows, whatever was asked for.
    pub always: &'static [Scope],
    /// What becomes of a name that is not known.
    pub unknown: UnknownScopes,
    /// Whether a request may ask for nothing.
    pub may_be_empty: bool,
    /// What stands between two names in an answer.
    pub separator: &'static str,
}

/// What becomes of a name that is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnknownScopes {
    /// It is left out, as [OpenID Connect 3.1.2.1] wants; the token response says what is left.
    ///
    /// [OpenID Connect 3.1.2.1]: https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest
    LeftOut,
    /// The request is refused with `invalid_scope`.
    Refused,
}

impl ScopeName {
    /// A name, and what it allows.
    pub const fn of(name: &'static str, allows: &'static [Scope]) -> Self {
        Self { name, allows }
    }

    const fn usual(scope: Scope) -> Self {
        Self::of(scope.as_str(), scope.alone())
    }
}

impl Vocabulary {
    /// Each scope under its usual name.
    pub const STANDARD: Self = Self {
        names: &[
            ScopeName::usual(Scope::OpenId),
            ScopeName::usual(Scope::Profile),
            ScopeName::usual(Scope::Email),
            ScopeName::usual(Scope::OfflineAccess),
            ScopeName::usual(Scope::ProjectsRead),
            ScopeName::usual(Scope::WorkflowsRead),
            ScopeName::usual(Scope::ExecutionsWrite),
        ],
        always: &[],
        unknown: UnknownScopes::LeftOut,
        may_be_empty: false,
        separator: " ",
    };

    /// The usual names of what the API asks for.
    pub const API: &'static [ScopeName] = &[
        ScopeName::usual(Scope::ProjectsRead),
        ScopeName::usual(Scope::WorkflowsRead),
        ScopeName::usual(Scope::ExecutionsWrite),
    ];

    /// The known names of a request, each once and in order; or why there are none to grant.
    pub(crate) fn asked(&self, text: &str) -> Result<Scopes, &'static str> {
        let asked: Vec<&str> = text.split(' ').filter(|name| !name.is_empty()).collect();
        let is_known = |asked: &str| self.names.iter().any(|known| known.name == asked);
        if self.unknown == UnknownScopes::Refused && !asked.iter().copied().all(is_known) {
            return Err("A scope was asked for that does not exist here.");
        }
        let scopes = self.only(|name| asked.contains(&name.name));
        if scopes.is_empty() && !self.may_be_empty {
            return Err("No scope that exists here was asked for.");
        }
        Ok(scopes)
    }

    pub(crate) fn allow(&self, scopes: &Scopes, scope: Scope) -> bool {
        self.always.contains(&scope)
            || self
                .names
                .iter()
                .any(|name| name.allows.contains(&scope) && scopes.contains(name.name))
    }

    /// What a set allows, in order.
    pub(crate) fn allowed(&self, scopes: &Scopes) -> Vec<Scope> {
        let all = Scope::ALL.into_iter();
        all.filter(|scope| self.allow(scopes, *scope)).collect()
    }

    /// What is left of a set whose tokens are not for the API.
    pub(crate) fn without_the_api(&self, scopes: &Scopes) -> Scopes {
        self.only(|name| scopes.contains(name.name) && !name.is_for_the_api())
    }

    /// The names of a set that are not among these, in order.
    pub(crate) fn except(&self, scopes: &Scopes, left_out: &[&str]) -> Scopes {
        self.only(|name| scopes.contains(name.name) && !left_out.contains(&name.name))
    }

    /// The first name that allows this.
    pub(crate) fn name_of(&self, scope: Scope) -> &'static str {
        let mut names = self.names.iter();
        names
            .find(|name| name.allows.contains(&scope))
            .map_or(scope.as_str(), |name| name.name)
    }

    /// A set as answers have it.
    pub(crate) fn written(&self, scopes: &Scopes) -> String {
        scopes.0.join(self.separator)
    }

    fn only(&self, is_meant: impl Fn(&ScopeName) -> bool) -> Scopes {
        let names = self.names.iter().filter(|name| is_meant(name));
        Scopes(names.map(|name| name.name.to_owned()).collect())
    }
}

impl ScopeName {
    fn is_for_the_api(&self) -> bool {
        let mut allowed = self.allows.iter();
        allowed.any(|scope| Scope::API.contains(scope))
    }
}

/// A set of names that were found known; kept with single spaces between them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub(crate) struct Scopes(Vec<String>);

impl Scopes {
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|known| known == name)
    }

    pub(crate) fn covers(&self, other: &Self) -> bool {
        other.0.iter().all(|name| self.contains(name))
    }

    pub(crate) fn union(&self, other: &Self) -> Self {
        let more = other.0.iter().filter(|name| !self.contains(name));
        Self(self.0.iter().chain(more).cloned().collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl std::fmt::Display for Scopes {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0.join(" "))
    }
}

impl From<String> for Scopes {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<&str> for Scopes {
    fn from(text: &str) -> Self {
        let names = text.split(' ').filter(|name| !name.is_empty());
        Self(names.map(str::to_owned).collect())
    }
}

impl From<Scopes> for String {
    fn from(scopes: Scopes) -> Self {
        scopes.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_scopes_are_left_out_and_the_rest_is_in_order() {
        let vocabulary = Vocabulary::STANDARD;
        let scopes = vocabulary.asked("email made-up openid openid OPENID");
        assert_eq!(scopes.unwrap().to_string(), "openid email");
        assert!(vocabulary.asked("made-up").is_err());
        let strict = Vocabulary {
            unknown: UnknownScopes::Refused,
            may_be_empty: true,
            ..vocabulary
        };
        assert!(strict.asked("openid made-up").is_err());
        assert!(strict.asked("").unwrap().is_empty());
    }

    #[test]
    fn the_demo_asks_for_every_scope() {
        let scopes = Vocabulary::STANDARD.asked(DEMO_SCOPES).unwrap();
        assert_eq!(Vocabulary::STANDARD.allowed(&scopes), Scope::ALL);
        assert_eq!(scopes.to_string(), DEMO_SCOPES);
    }

    #[test]
    fn one_name_may_allow_much_and_what_it_does_not_say_is_not_allowed() {
        const NAMES: &[ScopeName] = &[
            ScopeName::of("all", Scope::API),
            ScopeName::of("offline", &[Scope::OfflineAccess]),
        ];
        let vocabulary = Vocabulary {
            names: NAMES,
            always: &[Scope::Profile],
            separator: ",",
            ..Vocabulary::STANDARD
        };
        let scopes = vocabulary.asked("offline all").unwrap();
        assert_eq!(vocabulary.written(&scopes), "all,offline");
        assert!(vocabulary.allow(&scopes, Scope::ProjectsRead));
        assert!(!vocabulary.allow(&scopes, Scope::OpenId));
        assert_eq!(vocabulary.name_of(Scope::WorkflowsRead), "all");
        let rest = vocabulary.without_the_api(&scopes);
        assert_eq!(rest.to_string(), "offline");
        assert_eq!(
            vocabulary.allowed(&rest),
            [Scope::Profile, Scope::OfflineAccess]
        );
    }
}
