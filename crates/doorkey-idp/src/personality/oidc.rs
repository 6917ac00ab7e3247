//! An OpenID Connect provider as the specifications want it.

use super::Personality;

pub(super) const PERSONALITY: Personality = Personality::STANDARD;
