//! Where a personality has its API, and how it is called.

/// The protected API.
#[derive(Clone, Copy, Debug)]
pub struct Api {
    /// Whether it is at the provider's own origin, and not at one of its own.
    pub is_at_provider: bool,
    /// The path that apps take for its address.
    pub base: &'static str,
    /// The header that a request carries its token in, in lower case.
    pub header: &'static str,
    /// The audience of its tokens, if that is not its origin.
    pub audience: Option<&'static str>,
    /// What there is, by path.
    pub resources: &'static [(&'static str, Answer)],
}

/// What the API answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Whose token it is, for which app and until when. Needs no scope.
    Me,
    /// Whose token it is: a number as `id`, `login`, `name` and `email`. Needs no scope.
    Account,
    /// Whose token it is, with `subject` and the names of OpenID Connect. Needs no scope.
    Subject,
    /// The projects.
    Projects,
    /// The projects, as a list of repositories. Needs no scope.
    Repositories,
    /// The workflows.
    Workflows,
    /// What was started, and starting something.
    Executions,
}

impl Api {
    /// An origin of its own, and the token in `Authorization`.
    pub const STANDARD: Self = Self {
        is_at_provider: false,
        base: "",
        header: "authorization",
        audience: None,
        resources: &[
            ("/api/me", Answer::Me),
            ("/api/v1/projects", Answer::Projects),
            ("/api/v1/workflows", Answer::Workflows),
            ("/api/v1/executions", Answer::Executions),
        ],
    };
}
