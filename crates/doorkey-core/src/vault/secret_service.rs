//! Asks the Secret Service whether something could be kept, without keeping anything
//! ([Secret Service API](https://specifications.freedesktop.org/secret-service-spec/latest/)).

use zbus::blocking::{Connection, Proxy};
use zbus::zvariant::OwnedObjectPath;

use crate::error::{Code, Error, Result};

const SERVICE: &str = "org.freedesktop.secrets";

/// Whether there is a default collection and it is unlocked.
pub(super) fn ready() -> Result<()> {
    let connection = Connection::session().map_err(unavailable)?;
    let service = Proxy::new(
        &connection,
        SERVICE,
        "/org/freedesktop/secrets",
        "org.freedesktop.Secret.Service",
    )
    .map_err(unavailable)?;
    let collection: OwnedObjectPath = service.call("ReadAlias", &"default").map_err(unavailable)?;
    if collection.as_str() == "/" {
        return Err(Error::new(
            Code::KeychainLocked,
            "The keychain has never been opened, so there is nowhere to keep the session",
        )
        .with_hint("Open your keychain's own program once and set a password, then try again."));
    }
    let collection = Proxy::new(
        &connection,
        SERVICE,
        collection,
        "org.freedesktop.Secret.Collection",
    )
    .map_err(unavailable)?;
    if collection.get_property("Locked").map_err(unavailable)? {
        return Err(Error::new(Code::KeychainLocked, "The keychain is locked"));
    }
    Ok(())
}

fn unavailable(error: zbus::Error) -> Error {
    Error::new(
        Code::KeychainUnavailable,
        format!("The system keychain cannot be used: {error}"),
    )
}
