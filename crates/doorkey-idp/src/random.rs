//! Values that nobody can guess.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::fault::Fault;

/// 256 random bits as 43 characters that are safe in a URL and a cookie.
pub(crate) fn secret() -> Result<String, Fault> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// 128 random bits as 22 characters: enough to name a thing once.
pub(crate) fn identifier() -> Result<String, Fault> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
