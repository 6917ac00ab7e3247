//! Whether the client secret is there, for a profile that sends one.

use super::{Check, Topic};
use crate::engine::Engine;
use crate::profile::Profile;

pub(super) async fn check(engine: &Engine, profile: &Profile) -> Option<Check> {
    if !profile.sends_client_secret() {
        return None;
    }
    // A locked keychain would ask the person; its own line says what is wrong with it.
    if let Some(vault) = engine.vault()
        && vault.state().await.problem().is_some()
    {
        return None;
    }
    Some(match engine.credentials(profile).await {
        Ok(_) => Topic::CLIENT_SECRET.ok("The client secret of this client is kept"),
        Err(error) => Topic::CLIENT_SECRET.failed(&error),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::CheckOutcome;
    use crate::engine::Doorkey;
    use crate::token::ClientSecret;

    fn profile(lines: &str) -> Profile {
        let text = format!("issuer = \"https://a.example\"\nclient_id = \"b\"\n{lines}");
        Profile::parse(&"work".parse().expect("a name"), &text).expect("a profile")
    }

    #[tokio::test]
    async fn a_secret_that_is_to_be_sent_must_be_there() {
        let doorkey = Doorkey::in_memory().build();
        assert_eq!(check(doorkey.engine(), &profile("")).await, None);
        let profile = profile("token_endpoint_auth_method = \"client_secret_post\"\n");
        let missing = check(doorkey.engine(), &profile).await.expect("a check");
        assert_eq!(missing.outcome, CheckOutcome::Failed);
        assert!(!missing.remedy.is_empty(), "{missing:?}");
        doorkey
            .set_client_secret(&profile, ClientSecret::new("abc"))
            .await
            .expect("to keep it");
        let there = check(doorkey.engine(), &profile).await.expect("a check");
        assert_eq!(there.outcome, CheckOutcome::Ok);
        assert!(!there.seen.contains("abc"), "{there:?}");
    }
}
