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
        let named = named_resource(broker, parameters, text)?;
        let scopes = vocabulary
            .asked(text)
            .map_err(|text| ("invalid_scope", text.to_owned()))?;
        let api_access = match broker.personality.authorization.resource {
            Resource::Indicator => true,
            Resource::Audience | Resource::Scope | Resource::ScopeOrParameter => named,
        };
        let scopes = if api_access {
            scopes
        } else {
            vocabulary.without_the_api(&scopes)
        };
        Ok(Self { scopes, api_access })
    }
}

/// Whether the API is named. Another one is refused, and so is more than one.
fn named_resource(broker: &Broker, parameters: &Parameters, scopes: &str) -> Result<bool, Wrong> {
    let rule = broker.personality.authorization.resource;
    let parameter = parameters.value(match rule {
        Resource::Audience => "audience",
        _ => "resource",
    });
    let in_scopes = match rule {
        Resource::Scope | Resource::ScopeOrParameter => scopes,
        Resource::Indicator | Resource::Audience => "",
    };
    if rule == Resource::Scope && parameter.is_some() {
        let text = "The parameter resource is not supported.".to_owned();
        return Err(("invalid_request", text));
    }
    let named: BTreeSet<&str> = resources_in(in_scopes).chain(parameter).collect();
    let is_other = |named: &&str| named.trim_end_matches('/') != broker.audience;
    let error = match rule {
        // What says it at this server has been checked elsewhere, or need not be.
        Resource::Indicator => return Ok(true),
        Resource::Audience => "access_denied",
        Resource::Scope | Resource::ScopeOrParameter => "invalid_resource",
    };
    if named.len() > 1 {
        let text = "The request names more than one resource.".to_owned();
        return Err((error, text));
    }
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
