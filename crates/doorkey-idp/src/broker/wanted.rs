//! What a request wants: scopes, and the API that its tokens are for.

use std::collections::BTreeSet;

use crate::{broker::Broker, parameters::Parameters, personality::Resource, scope::Scopes};

/// The scopes of a request, and whether its access tokens are for the API.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) scopes: Scopes,
    pub(super) api_access: bool,
}

/// An error and what it means.
type Wrong = (&'static str, String);

impl Wanted {
    pub(super) fn parse(broker: &Broker, parameters: &Parameters) -> Result<Self, Wrong> {
        let vocabulary = &broker.personality.scopes;
        let text = parameters.value("scope").unwrap_or_default();
        let api_access = is_for_the_api(broker, parameters, text)?;
        let scopes = vocabulary
            .asked(text)
            .map_err(|text| ("invalid_scope", text.to_owned()))?;
        let scopes = if api_access {
            scopes
        } else {
            vocabulary.without_the_api(&scopes)
        };
        Ok(Self { scopes, api_access })
    }
}

/// Whether the request names the API. Another one is refused, and so is more than one.
fn is_for_the_api(broker: &Broker, parameters: &Parameters, scopes: &str) -> Result<bool, Wrong> {
    let resource = parameters.value("resource");
    let (named, error): (BTreeSet<&str>, _) = match broker.personality.authorization.resource {
        // It need not be named; where it is, that is checked beside the other parameters.
        Resource::Indicator => return Ok(true),
        Resource::Audience => {
            let audience = parameters.value("audience");
            (audience.into_iter().collect(), "access_denied")
        }
        Resource::Scope if resource.is_some() => {
            let text = "The parameter resource is not supported.".to_owned();
            return Err(("invalid_request", text));
        }
        Resource::Scope | Resource::ScopeOrParameter => {
            let named = resources_in(scopes).chain(resource);
            (named.collect(), "invalid_resource")
        }
    };
    if named.len() > 1 {
        let text = "The request names more than one resource.".to_owned();
        return Err((error, text));
    }
    let is_other = |named: &&str| named.trim_end_matches('/') != broker.audience;
    if named.iter().any(is_other) {
        let text = format!("The only resource is {}.", broker.audience);
        return Err((error, text));
    }
    Ok(!named.is_empty())
}

/// The resources that scopes such as `api://app/read` name.
fn resources_in(scopes: &str) -> impl Iterator<Item = &str> {
    scopes
        .split(' ')
        .filter(|scope| scope.contains("://"))
        .filter_map(|scope| scope.rsplit_once('/').map(|(resource, _)| resource))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_names_the_resource_before_its_last_slash() {
        let scopes = "openid api://demo/read https://graph.example.com/User.Read";
        let named: Vec<_> = resources_in(scopes).collect();
        assert_eq!(named, ["api://demo", "https://graph.example.com"]);
    }
}
