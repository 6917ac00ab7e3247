//! The profiles as the picker shows them.

use doorkey_core::{DEMO, Error, Profile, ProfileName, Profiles};

use crate::view::{ApiTemplate, Channel, ProfileStands, ProfileView};

/// Every profile of the config folder. One whose file cannot be used is listed too; choosing it says why.
pub(crate) fn views(profiles: &Profiles) -> Vec<ProfileView> {
    let names = profiles.names().unwrap_or_else(|error| {
        tracing::warn!(error = error.message(), "profiles cannot be listed");
        DEMO.parse().into_iter().collect()
    });
    names
        .into_iter()
        .map(|name| match profiles.load(&name) {
            Ok(profile) => view(&profile),
            Err(error) => unusable(&name, &error),
        })
        .collect()
}

/// Whether a profile is for the embedded provider.
pub(crate) fn is_demo(profile: &Profile) -> bool {
    let on_loopback = profile
        .issuer()
        .is_some_and(|issuer| issuer.url().scheme() == "http");
    profile.name().as_str() == DEMO && on_loopback
}

fn view(profile: &Profile) -> ProfileView {
    let demo = is_demo(profile);
    let host = profile.provider_host();
    ProfileView {
        name: profile.name().as_str().to_owned(),
        provider: if demo {
            "Demo provider".to_owned()
        } else {
            host.clone()
        },
        issuer: profile
            .issuer()
            .map_or(host, |issuer| issuer.as_str().to_owned()),
        api: profile
            .api()
            .iter()
            .map(|api| api.as_str().trim_end_matches('/').to_owned())
            .collect(),
        demo,
        stands: ProfileStands::Unknown,
        account: None,
        channel: channel(profile),
        offers_code: demo,
        unusable: None,
        templates: templates(profile, demo),
    }
}

/// How the answer of a sign-in comes home.
pub(crate) fn channel(profile: &Profile) -> Channel {
    if profile.redirect_uri().scheme().is_some() {
        Channel::DeepLink
    } else {
        Channel::Loopback
    }
}

fn unusable(name: &ProfileName, error: &Error) -> ProfileView {
    ProfileView {
        name: name.as_str().to_owned(),
        provider: "Its file cannot be used".to_owned(),
        issuer: String::new(),
        api: Vec::new(),
        demo: false,
        stands: ProfileStands::Failed,
        account: None,
        channel: Channel::Loopback,
        offers_code: false,
        unusable: Some(error.into()),
        templates: Vec::new(),
    }
}

/// The requests that a profile brings; the demo's, unless its file has others.
fn templates(profile: &Profile, demo: bool) -> Vec<ApiTemplate> {
    if demo && profile.templates().is_empty() {
        return demo_templates();
    }
    profile
        .templates()
        .iter()
        .map(|template| ApiTemplate {
            title: template.title.clone(),
            method: template.method.clone(),
            path: template.path.clone(),
            body: template.body.clone(),
        })
        .collect()
}

/// What the embedded API can be asked.
fn demo_templates() -> Vec<ApiTemplate> {
    let template = |title: &str, method: &str, path: &str, body: Option<&str>| ApiTemplate {
        title: title.to_owned(),
        method: method.to_owned(),
        path: path.to_owned(),
        body: body.map(str::to_owned),
    };
    vec![
        template("Who am I", "GET", "/api/me", None),
        template("List projects", "GET", "/api/v1/projects", None),
        template("List workflows", "GET", "/api/v1/workflows", None),
        template(
            "Start an execution",
            "POST",
            "/api/v1/executions",
            Some("{\n  \"workflow\": \"tides.forecast\",\n  \"inputs\": { \"days\": 7 }\n}"),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_is_first_told_as_such_and_a_broken_file_is_listed() {
        let folder = tempfile::tempdir().unwrap();
        let profiles = Profiles::new(folder.path());
        let work = Profile::for_issuer(
            &"work".parse().unwrap(),
            "https://login.example.com/a",
            "app",
        )
        .unwrap();
        profiles.save(&work).unwrap();
        std::fs::write(profiles.path(&"broken".parse().unwrap()), "issuer = 3\n").unwrap();
        let views = views(&profiles);
        let told: Vec<_> = views
            .iter()
            .map(|view| {
                (
                    view.name.as_str(),
                    view.provider.as_str(),
                    view.issuer.as_str(),
                    view.demo,
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("broken", "Its file cannot be used", "", false),
                ("demo", "Demo provider", "http://127.0.0.1:4180", true),
                (
                    "work",
                    "login.example.com",
                    "https://login.example.com/a",
                    false
                ),
            ]
        );
        let demo = &views[1];
        assert_eq!(demo.api, ["http://127.0.0.1:4181"]);
        assert_eq!(demo.templates.len(), 4);
    }
}
