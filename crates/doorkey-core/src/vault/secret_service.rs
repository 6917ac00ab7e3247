//! Asks the Secret Service how it is, and has it ask the person to unlock it
//! ([Secret Service API](https://specifications.freedesktop.org/secret-service-spec/latest/)).

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use zbus::export::futures_core::Stream as _;
use zbus::fdo::{self, DBusProxy};
use zbus::names::BusName;
use zbus::zvariant::{OwnedObjectPath, OwnedValue};
use zbus::{Connection, Proxy};

use super::KeychainState;
use crate::error::{Code, Error, Result};

const SERVICE: &str = "org.freedesktop.secrets";

/// What a service says when it means "nothing".
const NOTHING: &str = "/";

/// How the keychain is. Nobody is asked for a password.
pub(super) async fn state() -> KeychainState {
    found(true).await
}

async fn found(named: bool) -> KeychainState {
    match ask(named).await {
        Ok(state) => state,
        Err(error) => KeychainState::Absent {
            reason: reason(&error),
        },
    }
}

/// Whether something could be kept: asking takes a hundredth of the time of a write. A sign-in waits for it, so the name is
/// not asked for.
pub(super) fn ready() -> Result<()> {
    zbus::block_on(found(false)).problem().map_or(Ok(()), Err)
}

/// Has the service ask the person for the password. Dropping the future ends the waiting, and the question stays: taking it
/// away is `Dismiss`, and gnome-keyring 42 ends with a failed assertion when it is told that while it asks.
pub(super) async fn unlock() -> Result<()> {
    let unavailable = |error: zbus::Error| Error::new(Code::KeychainUnavailable, reason(&error));
    let connection = Connection::session().await.map_err(unavailable)?;
    let service = service(&connection).await.map_err(unavailable)?;
    let collection = default_collection(&service).await.map_err(unavailable)?;
    let Some(collection) = collection else {
        return KeychainState::NeverSetUp.problem().map_or(Ok(()), Err);
    };
    let (_, prompt): (Vec<OwnedObjectPath>, OwnedObjectPath) = service
        .call("Unlock", &vec![collection])
        .await
        .map_err(unavailable)?;
    if prompt.as_str() == NOTHING {
        return Ok(());
    }
    if answered(&connection, prompt).await.map_err(unavailable)? {
        Ok(())
    } else {
        Err(Error::new(
            Code::KeychainLocked,
            "The keychain was not unlocked",
        ))
    }
}

async fn ask(named: bool) -> zbus::Result<KeychainState> {
    let connection = Connection::session().await?;
    let service = service(&connection).await?;
    let Some(collection) = default_collection(&service).await? else {
        return Ok(KeychainState::NeverSetUp);
    };
    let interface = "org.freedesktop.Secret.Collection";
    let collection = Proxy::new(&connection, SERVICE, collection, interface).await?;
    let name = if named {
        name(&connection, &collection).await
    } else {
        None
    };
    Ok(if collection.get_property("Locked").await? {
        KeychainState::Locked { name }
    } else {
        KeychainState::Ready { name }
    })
}

async fn service(connection: &Connection) -> zbus::Result<Proxy<'static>> {
    let (path, interface) = ("/org/freedesktop/secrets", "org.freedesktop.Secret.Service");
    Proxy::new(connection, SERVICE, path, interface).await
}

async fn default_collection(service: &Proxy<'_>) -> zbus::Result<Option<OwnedObjectPath>> {
    let path: OwnedObjectPath = service.call("ReadAlias", &"default").await?;
    Ok((path.as_str() != NOTHING).then_some(path))
}

/// The collection's label and the program that offers it, such as `Login (GNOME Keyring)`.
async fn name(connection: &Connection, collection: &Proxy<'_>) -> Option<String> {
    let label: String = collection.get_property("Label").await.ok()?;
    Some(match program(connection).await {
        Some(program) => format!("{label} ({program})"),
        None => label,
    })
}

async fn program(connection: &Connection) -> Option<&'static str> {
    let bus = DBusProxy::new(connection).await.ok()?;
    let service = BusName::try_from(SERVICE).ok()?;
    let process = bus.get_connection_unix_process_id(service).await.ok()?;
    known(&std::fs::read_to_string(format!("/proc/{process}/comm")).ok()?)
}

/// The name of a process as people know the program. The system keeps the first 15 bytes of it.
fn known(process: &str) -> Option<&'static str> {
    match process.trim() {
        "gnome-keyring-d" => Some("GNOME Keyring"),
        "kwalletd5" | "kwalletd6" | "ksecretd" => Some("KWallet"),
        "keepassxc" => Some("KeePassXC"),
        _ => None,
    }
}

/// Shows the question and waits. No means that the person, or a service that cannot ask, closed it.
async fn answered(connection: &Connection, prompt: OwnedObjectPath) -> zbus::Result<bool> {
    let interface = "org.freedesktop.Secret.Prompt";
    let prompt = Proxy::new(connection, SERVICE, prompt, interface).await?;
    // Listening before asking: the answer cannot slip in between.
    let mut completed = prompt.receive_signal("Completed").await?;
    let mut gone = prompt.receive_owner_changed().await?;
    prompt.call::<_, _, ()>("Prompt", &"").await?;
    let answer = poll_fn(|context| {
        if let Poll::Ready(answer) = Pin::new(&mut completed).poll_next(context) {
            return Poll::Ready(answer);
        }
        // A service that ends takes its question with it.
        Pin::new(&mut gone).poll_next(context).map(|_| None)
    })
    .await;
    let Some(answer) = answer else {
        return Ok(false);
    };
    let (dismissed, _): (bool, OwnedValue) = answer.body().deserialize()?;
    Ok(!dismissed)
}

/// Why there is no keychain, without the words of the bus where a person's own are known.
fn reason(error: &zbus::Error) -> String {
    let nobody = "No program on this computer offers a keychain".to_owned();
    match error {
        zbus::Error::MethodError(name, ..)
            if name.as_str() == "org.freedesktop.DBus.Error.ServiceUnknown" =>
        {
            nobody
        }
        zbus::Error::FDO(error) if matches!(**error, fdo::Error::ServiceUnknown(_)) => nobody,
        zbus::Error::InputOutput(_) | zbus::Error::Connection(..) | zbus::Error::Address(_) => {
            "There is no desktop session (D-Bus) through which the system keychain could be reached"
                .to_owned()
        }
        other => format!("The system keychain cannot be used: {other}"),
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn the_programs_that_people_have_are_known_by_their_names() {
        for (process, name) in [
            ("gnome-keyring-d\n", Some("GNOME Keyring")),
            ("kwalletd5\n", Some("KWallet")),
            ("kwalletd6\n", Some("KWallet")),
            ("ksecretd\n", Some("KWallet")),
            ("keepassxc\n", Some("KeePassXC")),
            ("bash\n", None),
            ("", None),
        ] {
            assert_eq!(known(process), name, "{process}");
        }
    }

    #[test]
    fn why_there_is_no_keychain_is_told_in_words_for_people() {
        let unknown = fdo::Error::ServiceUnknown("org.freedesktop.secrets".to_owned());
        let refused = fdo::Error::AccessDenied("canary".to_owned());
        let by_name = |name: &'static str| {
            let call = zbus::Message::method_call("/", "M").and_then(|call| call.build(&()));
            let name = zbus::names::OwnedErrorName::try_from(name).expect("a name");
            zbus::Error::MethodError(name, None, call.expect("a message"))
        };
        for (error, says) in [
            (
                by_name("org.freedesktop.DBus.Error.ServiceUnknown"),
                "No program",
            ),
            (
                by_name("org.freedesktop.DBus.Error.AccessDenied"),
                "cannot be used",
            ),
            (zbus::Error::FDO(Box::new(unknown)), "No program"),
            (zbus::Error::FDO(Box::new(refused)), "cannot be used"),
            (
                zbus::Error::InputOutput(io::Error::other("canary").into()),
                "no desktop session",
            ),
            (
                zbus::Error::Address("canary".to_owned()),
                "no desktop session",
            ),
            (zbus::Error::InvalidReply, "cannot be used"),
        ] {
            let reason = reason(&error);
            assert!(reason.contains(says), "{reason}");
        }
    }
}
