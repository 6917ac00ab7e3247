//! Profiles that come from others and go to others, as the window shows them.

use std::path::Path;

use doorkey_core::{Doorkey, Imported, LeftOut, Profile};
use url::Url;

use crate::forms;
use crate::view::{ImportView, LeftOutView, Problem, SharedView};

/// What stands for the client id while only the provider is known.
const NO_CLIENT: &str = "client-id";
/// What a text is called that was pasted. No profile is named after it.
const PASTED: &str = "what you pasted";

/// A profile of what somebody else has written: a profile file of Doorkey's, a config file of Flyte's, or the address of a
/// provider, which is asked. `file` is the file's name, if it was one.
///
/// # Errors
/// What is wrong with it, and where.
pub(crate) async fn import(
    engine: &Doorkey,
    text: &str,
    file: Option<&str>,
) -> Result<ImportView, Problem> {
    if let (None, Some(address)) = (file, address(text)) {
        return of_provider(engine, address).await;
    }
    let Imported {
        profile, left_out, ..
    } = Profile::import(text.as_bytes(), Path::new(file.unwrap_or(PASTED)))?;
    Ok(ImportView {
        form: forms::form(&profile),
        left_out: told(left_out),
    })
}

/// A profile as a text for somebody else.
pub(crate) fn share(profile: &Profile) -> SharedView {
    let exported = profile.export();
    SharedView {
        text: exported.text,
        left_out: told(exported.left_out),
    }
}

/// The name of a shared profile's file, without its ending.
pub(crate) fn stem(profile: &Profile) -> String {
    profile.name().to_string()
}

/// All that is known of a profile whose provider was asked. The client id is for the person to add.
async fn of_provider(engine: &Doorkey, address: &str) -> Result<ImportView, Problem> {
    let source = engine.source_at(address, NO_CLIENT).await?;
    let name = source.suggested_name()?;
    let profile = source.build(&name)?;
    let mut form = forms::form(&profile);
    form.values.retain(|value| value.field != "client_id");
    Ok(ImportView {
        form,
        left_out: Vec::new(),
    })
}

/// The text, if it is an address and nothing else.
fn address(text: &str) -> Option<&str> {
    let text = text.trim();
    let is_web = |url: Url| matches!(url.scheme(), "http" | "https");
    let is_one_word = !text.contains(char::is_whitespace);
    (is_one_word && Url::parse(text).is_ok_and(is_web)).then_some(text)
}

fn told(left_out: Vec<LeftOut>) -> Vec<LeftOutView> {
    left_out
        .into_iter()
        .map(|left_out| LeftOutView {
            field: left_out.field,
            why: left_out.why.to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn imported(text: &str, file: Option<&str>) -> Result<ImportView, Problem> {
        import(&Doorkey::in_memory().build(), text, file).await
    }

    const SHARED: &str =
        "issuer = \"https://login.example.com\"\nclient_id = \"app\"\nbrowser = \"evil %s\"\n";

    #[tokio::test]
    async fn a_pasted_profile_becomes_a_form_and_says_what_it_left_out() {
        let view = imported(SHARED, None).await.unwrap();
        assert_eq!(
            (view.form.name.as_str(), view.form.preset.as_str()),
            ("login.example.com", "oidc")
        );
        assert!(!format!("{:?}", view.form).contains("evil"));
        let fields: Vec<_> = view
            .left_out
            .iter()
            .map(|left| left.field.as_str())
            .collect();
        assert_eq!(fields, ["browser"]);
    }

    #[tokio::test]
    async fn a_file_names_the_profile_and_its_kind() {
        let view = imported(SHARED, Some("Work.toml")).await.unwrap();
        assert_eq!(view.form.name, "work");
        let flyte = "admin:\n  endpoint: dns:///flyte.example.com\n";
        let view = imported(flyte, Some("config.yaml")).await.unwrap();
        assert_eq!(view.form.preset, "flyte");
    }

    #[tokio::test]
    async fn an_address_is_asked_and_the_client_is_left_to_the_person() {
        let provider = doorkey_idp::start(doorkey_idp::Config {
            port: 0,
            ..doorkey_idp::Config::default()
        })
        .await
        .unwrap();
        let metadata = format!(" {}/.well-known/openid-configuration\n", provider.issuer());
        let view = imported(&metadata, None).await.unwrap();
        let values: Vec<_> = view
            .form
            .values
            .iter()
            .map(|value| (value.field.as_str(), value.value.as_str()))
            .collect();
        assert!(
            values.contains(&("issuer", provider.issuer())),
            "{values:?}"
        );
        assert!(!values.iter().any(|(field, _)| *field == "client_id"));
    }

    #[tokio::test]
    async fn a_secret_is_refused_and_repeated_nowhere() {
        let text = format!("{SHARED}client_secret = \"canary\"\n");
        let problem = imported(&text, None).await.unwrap_err();
        assert_eq!(problem.code, "profile_invalid");
        assert!(!format!("{problem:?}").contains("canary"), "{problem:?}");
    }

    #[test]
    fn what_is_given_away_can_be_taken_again() {
        let profile =
            Profile::for_issuer(&"work".parse().unwrap(), "https://login.example.com", "app")
                .unwrap();
        let shared = share(&profile);
        let again = Profile::import(shared.text.as_bytes(), Path::new("work.toml")).unwrap();
        assert_eq!(again.profile, profile);
        assert_eq!(
            (shared.left_out, stem(&profile).as_str()),
            (Vec::new(), "work")
        );
    }
}
