//! Where unpredictable values come from: handed in, so that tests need no luck.

use std::fmt::Debug;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::error::{Code, Error, Result};

/// Fills buffers with unpredictable bytes.
pub trait Random: Debug + Send + Sync + 'static {
    /// Fills the whole buffer.
    ///
    /// # Errors
    /// [`Code::Internal`] when the system has no randomness to give.
    fn fill(&self, buffer: &mut [u8]) -> Result<()>;
}

/// The operating system's generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, buffer: &mut [u8]) -> Result<()> {
        getrandom::fill(buffer).map_err(|error| {
            Error::new(
                Code::Internal,
                format!("The system gave no random bytes: {error}"),
            )
        })
    }
}

/// 256 unpredictable bits as 43 characters of base64url, wiped when dropped.
pub(crate) fn token(random: &dyn Random) -> Result<Zeroizing<String>> {
    let mut bytes = Zeroizing::new([0_u8; 32]);
    random.fill(bytes.as_mut())?;
    Ok(Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_ref())))
}
