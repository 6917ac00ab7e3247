//! `doorkey` as a part of other tools.

use doorkey_tests::{Result, command_line::CommandLine, keychain::Keyring};
use serde_json::{Value, json};

#[tokio::test]
async fn kubectl_gets_an_exec_credential() -> Result<()> {
    let doorkey = CommandLine::start(Keyring::Unlocked).await?;
    let _demo = doorkey.demo().await?;
    let command = ["token", "--exec-credential"];
    let nobody = doorkey.run(&command).await?;
    assert_eq!((nobody.code, nobody.stdout.as_str()), (Some(3), ""));
    doorkey.output(&["login"]).await?;
    let (_, token) = doorkey.json(&["token"]).await?;
    // The shape of client.authentication.k8s.io/v1, member by member.
    let expected = json!({
        "apiVersion": "client.authentication.k8s.io/v1",
        "kind": "ExecCredential",
        "status": { "token": token["token"], "expirationTimestamp": token["expires_at"] },
    });
    assert!(token["expires_at"].is_string());
    let plain = doorkey.output(&command).await?;
    let credential: Value = serde_json::from_str(&plain).unwrap_or_default();
    assert_eq!(credential, expected);
    assert_eq!(doorkey.json(&command).await?, (Some(0), expected));
    Ok(())
}
