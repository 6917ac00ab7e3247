//! `[[templates]]`: requests to start from.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::fault::FileFault;

/// A request to start from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestTemplate {
    /// The HTTP method.
    pub method: String,
    /// The path, relative to the profile's first API, or a URL.
    pub path: String,
    /// What it does, in a few words.
    pub title: String,
    /// The body, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

/// The templates, each with a title of its own, or what is wrong with one of them.
pub(super) fn check(
    templates: &[Spanned<RequestTemplate>],
) -> Result<Vec<RequestTemplate>, FileFault> {
    let mut titles = BTreeSet::new();
    for template in templates {
        let fault = |what: String, fix| {
            let offset = template.span().start;
            Err(FileFault::field(offset, "templates", what, fix))
        };
        let RequestTemplate {
            method,
            path,
            title,
            body,
        } = template.get_ref();
        if reqwest::Method::from_bytes(method.as_bytes()).is_err() {
            return fault(
                format!("has a method {method:?} that is none"),
                "Begin with a method such as GET.",
            );
        }
        let is_path =
            !path.is_empty() && !path.contains(|c: char| c.is_whitespace() || c.is_control());
        if !is_path {
            return fault(
                format!("has a path {path:?} that is none"),
                "Write a path such as /api/me, with %20 for a space.",
            );
        }
        if title.trim() != title || title.is_empty() || title.contains(char::is_control) {
            return fault(
                format!("has a title {title:?} that is not a few words on one line"),
                "Say in a few words what the request does.",
            );
        }
        if body
            .as_ref()
            .is_some_and(|body| body.is_empty() || body.contains('\r'))
        {
            return fault(
                format!("has an empty body, or one with carriage returns, in {title:?}"),
                "Remove the body, or write one with plain line ends.",
            );
        }
        if !titles.insert(title) {
            return fault(
                format!("has {title:?} twice"),
                "Give each request a title of its own.",
            );
        }
    }
    Ok(templates
        .iter()
        .map(|template| template.get_ref().clone())
        .collect())
}

#[cfg(test)]
mod tests {
    use crate::profile::Profile;

    fn read(templates: &str) -> Result<Profile, String> {
        let text = format!("issuer = \"https://a.example\"\nclient_id = \"b\"\n{templates}");
        Profile::read(&"work".parse().expect("a name"), &text).map_err(|fault| fault.what)
    }

    #[test]
    fn templates_are_requests_with_titles_of_their_own() {
        let one = "[[templates]]\nmethod = \"GET\"\npath = \"/me\"\ntitle = \"Who am I\"\n";
        let two = "[[templates]]\nmethod = \"POST\"\npath = \"/runs\"\ntitle = \"Run\"\nbody = \"{\\n}\"\n";
        let profile = read(&format!("{one}{two}")).expect("a profile");
        let told: Vec<_> = profile
            .templates()
            .iter()
            .map(|template| (template.method.as_str(), template.body.as_deref()))
            .collect();
        assert_eq!(told, [("GET", None), ("POST", Some("{\n}"))]);
        for (bad, said) in [
            (one.replace("GET", "G T"), "a method \"G T\""),
            (one.replace("/me", "/m e"), "a path \"/m e\""),
            (one.replace("Who am I", " "), "a title \" \""),
            (format!("{one}body = \"\"\n"), "an empty body"),
            (format!("{one}{one}"), "\"Who am I\" twice"),
        ] {
            let what = read(&bad).expect_err("refused");
            assert!(what.contains(said), "{what}");
        }
    }
}
