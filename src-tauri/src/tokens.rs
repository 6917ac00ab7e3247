//! What the engine tells of tokens, made ready to be shown.

use doorkey_core::{AccessTokenFacts, Claim, ClaimValue, IdTokenFacts, TokenContents, TokenFacts};

use crate::view::{
    AccessTokenView, ClaimValueView, ClaimView, IdTokenView, TokenContentsView, TokensView,
};

impl From<TokenFacts> for TokensView {
    fn from(facts: TokenFacts) -> Self {
        Self {
            id_token: facts.id_token.map(IdTokenView::from),
            access_token: facts.access_token.into(),
        }
    }
}

impl From<IdTokenFacts> for IdTokenView {
    fn from(facts: IdTokenFacts) -> Self {
        Self {
            algorithm: facts.algorithm,
            key_id: facts.key_id,
            contents: facts.contents.into(),
        }
    }
}

impl From<AccessTokenFacts> for AccessTokenView {
    fn from(facts: AccessTokenFacts) -> Self {
        match facts {
            AccessTokenFacts::Opaque { length } => Self::Opaque {
                length: count(length),
            },
            AccessTokenFacts::Jwt(contents) => Self::Jwt {
                contents: contents.into(),
            },
        }
    }
}

impl From<TokenContents> for TokenContentsView {
    fn from(contents: TokenContents) -> Self {
        let members = |members: Vec<Claim>| members.into_iter().map(ClaimView::from).collect();
        Self {
            header: members(contents.header),
            claims: members(contents.claims),
            omitted: count(contents.omitted),
            signature_length: count(contents.signature_length),
        }
    }
}

impl From<Claim> for ClaimView {
    fn from(claim: Claim) -> Self {
        Self {
            name: claim.name,
            value: match claim.value {
                ClaimValue::Text(text) => ClaimValueView::Text { text },
                ClaimValue::Time(seconds) => ClaimValueView::Time {
                    at: seconds.saturating_mul(1_000),
                },
                ClaimValue::Json(text) => ClaimValueView::Json { text },
                ClaimValue::Hidden(length) => ClaimValueView::Hidden {
                    length: count(length),
                },
            },
        }
    }
}

fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
