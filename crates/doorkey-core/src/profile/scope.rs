//! What a profile asks for.

use super::Server;
use super::fault::FileFault;
use super::file::ProfileFile;

/// What is asked for when a profile with an issuer names no scopes.
const DEFAULT_SCOPES: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// The scopes that a profile asks for, each once.
pub(super) fn check(file: &ProfileFile, server: &Server) -> Result<Vec<String>, FileFault> {
    let Some(listed) = &file.scopes else {
        return Ok(match server {
            _ if file.client_settings.is_some() => Vec::new(),
            Server::Discovered(_) => DEFAULT_SCOPES.map(str::to_owned).to_vec(),
            Server::Explicit(_) => Vec::new(),
        });
    };
    let mut scopes: Vec<String> = Vec::with_capacity(listed.len());
    for scope in listed {
        let text = scope.get_ref();
        if !is_scope(text) {
            let fix = if text.contains(' ') {
                "Write each scope by itself: [\"openid\", \"profile\"]."
            } else {
                "A scope has no spaces, quotes or backslashes."
            };
            return Err(FileFault::value(scope, "scopes", "is not a scope", fix));
        }
        if !scopes.contains(text) {
            scopes.push(text.clone());
        }
    }
    Ok(scopes)
}

/// Whether the text is one scope, as [RFC 6749 appendix A.4](https://www.rfc-editor.org/rfc/rfc6749#appendix-A.4) writes it:
/// `1*( %x21 / %x23-5B / %x5D-7E )`.
pub(super) fn is_scope(text: &str) -> bool {
    let valid = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5B | 0x5D..=0x7E);
    !text.is_empty() && text.bytes().all(valid)
}
