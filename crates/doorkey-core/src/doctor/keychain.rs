//! Whether a session could be kept: the keychain is there, open, and takes the largest item that is ever written.

use super::{Check, Topic};
use crate::engine::Engine;

pub(super) async fn check(engine: &Engine) -> Check {
    let Some(vault) = engine.vault() else {
        return Topic::KEYCHAIN.warning(
            "Sessions are kept in memory only",
            "They end with the program.",
        );
    };
    let state = vault.state().await;
    if let Some(error) = state.problem() {
        return Topic::KEYCHAIN.failed(&error);
    }
    let name = state.name().unwrap_or("The keychain");
    match vault.test().await {
        Ok(()) => Topic::KEYCHAIN.ok(format!(
            "{name} is open, and gave back a test item of the largest size"
        )),
        Err(error) => Topic::KEYCHAIN.broken(
            format!(
                "{name} is open, but does not keep a test item of the largest size: {}",
                error.message()
            ),
            error.hint(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use doorkey_double::Keychain;

    use super::*;
    use crate::doctor::CheckOutcome;
    use crate::engine::Doorkey;
    use crate::vault::SecretStore;

    async fn outcome(store: impl SecretStore) -> Check {
        check(Doorkey::in_memory().store(store).build().engine()).await
    }

    #[tokio::test]
    async fn a_keychain_that_takes_small_items_only_is_not_good_enough() {
        let keychain = Keychain::new();
        // One byte would not show it.
        keychain.limit(1_280);
        let check = outcome(keychain).await;
        assert_eq!(check.outcome, CheckOutcome::Failed, "{check:?}");
        assert!(check.seen.contains("too large"), "{check:?}");
    }

    #[tokio::test]
    async fn the_test_item_is_gone_afterwards() {
        let keychain = Keychain::new();
        let check = outcome(keychain.clone()).await;
        assert_eq!(check.outcome, CheckOutcome::Ok, "{check:?}");
        assert!(keychain.names().is_empty() && keychain.largest() > 2_000);
    }
}
