//! A preset as data: what there is to fill in, and what a profile file holds because of it.

use super::field::Field;
use super::outline::Variant;

/// A preset as data. Texts are profile files in which `{name}` stands for the field of that name.
pub(super) struct Definition {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) about: &'static str,
    /// The fields in the order of the form, in groups that presets share.
    pub(super) fields: &'static [&'static [Field]],
    /// Where the provider is: the first that applies. None for a preset whose fields say it all.
    pub(super) server: &'static [Variant],
    /// What else a profile holds, unless a field says otherwise.
    pub(super) defaults: &'static str,
    /// How the provider compares redirect URIs.
    pub(super) redirect_rule: &'static str,
    /// What to do in the provider's console, step by step.
    pub(super) checklist: &'static [&'static str],
    /// What does not work, in whole sentences; empty if there is nothing to say.
    pub(super) caution: &'static str,
    pub(super) sign_out: SignOut,
}

/// What signing out can do at the provider, as it is documented there. Its metadata decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignOut {
    /// Whether tokens can be revoked.
    pub revokes: bool,
    /// Whether the provider's session in the browser can be ended.
    pub ends_session: bool,
}

impl SignOut {
    pub(super) const BOTH: Self = Self {
        revokes: true,
        ends_session: true,
    };
    pub(super) const NEITHER: Self = Self {
        revokes: false,
        ends_session: false,
    };
}
