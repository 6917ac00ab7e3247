//! A plain OAuth 2 server that tells nothing about itself, and is careless in the ways that servers were seen to be.

use super::{
    Addresses, Authorization, Device, Personality, Refresh, RefreshGiven, SignOut, Tokens,
};
use crate::scope::{Scope, Vocabulary};

pub(super) const PERSONALITY: Personality = Personality {
    id: "oauth2",
    title: "OAuth 2",
    addresses: Addresses {
        revocation: Some("/revoke"),
        ..Addresses::UNTOLD
    },
    authorization: Authorization {
        names_issuer: false,
        ..Authorization::STANDARD
    },
    scopes: Vocabulary {
        names: Vocabulary::API,
        always: &[Scope::Profile, Scope::Email],
        may_be_empty: true,
        ..Vocabulary::STANDARD
    },
    tokens: Tokens {
        refused_code: (403, "invalid_code"),
        id_token: false,
        ..Tokens::STANDARD
    },
    refresh: Refresh {
        given: RefreshGiven::Always,
        refused_without_body: true,
        ..Refresh::STANDARD
    },
    device: Device {
        tells_interval: false,
    },
    sign_out: SignOut {
        revocation_refuses_public_clients: true,
        ..SignOut::STANDARD
    },
    ..Personality::STANDARD
};
