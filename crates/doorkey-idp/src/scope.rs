//! The scopes that exist here, and sets of them.

use serde::{Deserialize, Serialize};

/// What an app may ask for.
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
    /// Every scope, in the order in which they are written and shown.
    pub const ALL: [Self; 7] = [
        Self::OpenId,
        Self::Profile,
        Self::Email,
        Self::OfflineAccess,
        Self::ProjectsRead,
        Self::WorkflowsRead,
        Self::ExecutionsWrite,
    ];

    /// The scope as it is written in a request.
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
}

/// A set of scopes; written with single spaces, in one fixed order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub(crate) struct Scopes(Vec<Scope>);

impl Scopes {
    /// Keeps the scopes that exist here and leaves out the others, as
    /// [OpenID Connect 3.1.2.1] wants; the token response says what is left.
    ///
    /// [OpenID Connect 3.1.2.1]: https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest
    pub(crate) fn parse(text: &str) -> Self {
        let asked: Vec<&str> = text.split(' ').collect();
        Self(
            Scope::ALL
                .into_iter()
                .filter(|scope| asked.contains(&scope.as_str()))
                .collect(),
        )
    }

    pub(crate) fn contains(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }

    pub(crate) fn covers(&self, other: &Self) -> bool {
        other.0.iter().all(|scope| self.contains(*scope))
    }

    pub(crate) fn union(&self, other: &Self) -> Self {
        Self(
            Scope::ALL
                .into_iter()
                .filter(|scope| self.contains(*scope) || other.contains(*scope))
                .collect(),
        )
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::fmt::Display for Scopes {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.0.iter().map(|scope| scope.as_str()).collect();
        formatter.write_str(&names.join(" "))
    }
}

impl From<String> for Scopes {
    fn from(text: String) -> Self {
        Self::parse(&text)
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
        let scopes = Scopes::parse("email made-up openid openid OPENID");
        assert_eq!(scopes.to_string(), "openid email");
    }

    #[test]
    fn the_demo_asks_for_every_scope() {
        assert_eq!(Scopes::parse(DEMO_SCOPES), Scopes(Scope::ALL.to_vec()));
        assert_eq!(Scopes::parse(DEMO_SCOPES).to_string(), DEMO_SCOPES);
    }
}
