//! Which client of the provider a profile is: what it says itself, and what it leaves to the server.

use toml::Spanned;
use url::Url;

use super::fault::FileFault;
use super::file::{ProfileFile, address};
use super::{Server, TokenEndpointAuthMethod};

/// The client of a profile, as far as its file says.
pub(super) struct Client {
    /// Empty where the client settings tell it.
    pub(super) id: String,
    pub(super) auth_method: TokenEndpointAuthMethod,
    pub(super) settings: Option<Url>,
}

impl Client {
    pub(super) fn check(
        file: &ProfileFile,
        server: &Server,
        api: &[Url],
    ) -> Result<Self, FileFault> {
        let settings = match &file.client_settings {
            Some(text) => Some(settings(text, server, api)?),
            None => None,
        };
        let auth_method = file.token_endpoint_auth_method.unwrap_or_default();
        let leaves_it = file.client_id.is_none() && settings.is_some();
        let id = file
            .client_id
            .as_ref()
            .filter(|id| !id.get_ref().trim().is_empty());
        let id = match id {
            Some(id) if is_client_id(id.get_ref()) => id.get_ref().clone(),
            Some(id) => {
                return Err(FileFault::field(
                    id.span().start,
                    "client_id",
                    "has characters that no client id has",
                    "Copy it again from the provider's registration.",
                ));
            }
            None if leaves_it && auth_method == TokenEndpointAuthMethod::None => String::new(),
            None if leaves_it => {
                return Err(FileFault::field(
                    0,
                    "client_id",
                    "is missing, and a client secret belongs to one client",
                    "Add the client id that the secret was given with.",
                ));
            }
            None => {
                return Err(FileFault::field(
                    0,
                    "client_id",
                    "is missing",
                    "Add the client id that the provider gave this program: client_id = \"...\"",
                ));
            }
        };
        Ok(Self {
            id,
            auth_method,
            settings,
        })
    }
}

/// RFC 6749 appendix A.1: `client-id = *VSCHAR`
pub(super) fn is_client_id(text: &str) -> bool {
    !text.trim().is_empty() && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// Who says which client to be must be the provider or an API that gets the token anyway: nobody else has a say in it.
fn settings(text: &Spanned<String>, server: &Server, api: &[Url]) -> Result<Url, FileFault> {
    let url = address(text, "client_settings")?;
    let home = match server {
        Server::Discovered(issuer) => issuer.url(),
        Server::Explicit(endpoints) => &endpoints.token,
    };
    if !std::iter::once(home)
        .chain(api)
        .any(|known| known.origin() == url.origin())
    {
        return Err(FileFault::value(
            text,
            "client_settings",
            "is neither at the provider nor at one of the profile's APIs",
            "Use an address of theirs, or add the server to `api` if the token may go there.",
        ));
    }
    Ok(url)
}
