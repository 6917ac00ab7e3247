//! The Secret Service, as far as a test needs to look into it.
//!
//! <https://specifications.freedesktop.org/secret-service/latest/>

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
};

use zbus::{
    Connection, proxy,
    zvariant::{OwnedObjectPath, OwnedValue, Value},
};

use crate::Result;

/// Something in the keychain.
#[derive(Clone, PartialEq, Eq)]
pub struct Item {
    /// What a keychain program shows.
    pub label: String,
    /// What it is found by.
    pub attributes: BTreeMap<String, String>,
    /// The secret; nothing if the item is locked.
    pub secret: Option<Vec<u8>>,
}

/// The secret shows as its size only.
impl fmt::Debug for Item {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Item")
            .field("label", &self.label)
            .field("attributes", &self.attributes)
            .field(
                "secret",
                &self
                    .secret
                    .as_ref()
                    .map(|secret| format!("{} bytes", secret.len())),
            )
            .finish()
    }
}

/// Session, parameters, value and content type.
type Secret = (OwnedObjectPath, Vec<u8>, Vec<u8>, String);

#[proxy(
    interface = "org.freedesktop.Secret.Service",
    default_service = "org.freedesktop.secrets",
    default_path = "/org/freedesktop/secrets",
    gen_blocking = false
)]
trait Service {
    fn open_session(
        &self,
        algorithm: &str,
        input: &Value<'_>,
    ) -> zbus::Result<(OwnedValue, OwnedObjectPath)>;
    fn lock(
        &self,
        objects: &[OwnedObjectPath],
    ) -> zbus::Result<(Vec<OwnedObjectPath>, OwnedObjectPath)>;
    #[zbus(property)]
    fn collections(&self) -> zbus::Result<Vec<OwnedObjectPath>>;
}

#[proxy(
    interface = "org.freedesktop.Secret.Collection",
    default_service = "org.freedesktop.secrets",
    gen_blocking = false
)]
trait Collection {
    #[zbus(property)]
    fn items(&self) -> zbus::Result<Vec<OwnedObjectPath>>;
}

#[proxy(
    interface = "org.freedesktop.Secret.Item",
    default_service = "org.freedesktop.secrets",
    gen_blocking = false
)]
trait SecretItem {
    fn get_secret(&self, session: &OwnedObjectPath) -> zbus::Result<Secret>;
    #[zbus(property)]
    fn label(&self) -> zbus::Result<String>;
    #[zbus(property)]
    fn attributes(&self) -> zbus::Result<HashMap<String, String>>;
    #[zbus(property)]
    fn locked(&self) -> zbus::Result<bool>;
}

// gnome-keyring's own door for programs that know the password: the standard one asks the person.
#[proxy(
    interface = "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface",
    default_service = "org.freedesktop.secrets",
    default_path = "/org/freedesktop/secrets",
    gen_blocking = false
)]
trait Unlocker {
    fn unlock_with_master_password(
        &self,
        collection: &OwnedObjectPath,
        master: &Secret,
    ) -> zbus::Result<()>;
}

/// Locks every collection.
pub(super) async fn lock(connection: &Connection) -> Result<()> {
    let service = ServiceProxy::new(connection).await?;
    let collections = service.collections().await?;
    service.lock(&collections).await?;
    Ok(())
}

/// Unlocks every collection but the transient one, which has no password.
pub(super) async fn unlock(connection: &Connection, password: &[u8]) -> Result<()> {
    let service = ServiceProxy::new(connection).await?;
    let (_, session) = service.open_session("plain", &Value::from("")).await?;
    let unlocker = UnlockerProxy::new(connection).await?;
    for collection in service.collections().await? {
        if !collection.as_str().ends_with("/session") {
            let master = (
                session.clone(),
                Vec::new(),
                password.to_vec(),
                "text/plain".to_owned(),
            );
            unlocker
                .unlock_with_master_password(&collection, &master)
                .await?;
        }
    }
    Ok(())
}

/// Everything in the keychain of a bus, with the secrets where it is unlocked.
///
/// # Errors
///
/// If there is none.
pub async fn items(connection: &Connection) -> Result<Vec<Item>> {
    let service = ServiceProxy::new(connection).await?;
    let (_, session) = service.open_session("plain", &Value::from("")).await?;
    let mut items = Vec::new();
    for path in service.collections().await? {
        let collection = CollectionProxy::builder(connection)
            .path(path)?
            .build()
            .await?;
        for path in collection.items().await? {
            let item = SecretItemProxy::builder(connection)
                .path(path)?
                .build()
                .await?;
            let secret = if item.locked().await? {
                None
            } else {
                Some(item.get_secret(&session).await?.2)
            };
            let mut attributes: BTreeMap<_, _> = item.attributes().await?.into_iter().collect();
            // The service tells it only once it has read the item from its file again.
            attributes.remove("xdg:schema");
            items.push(Item {
                label: item.label().await?,
                attributes,
                secret,
            });
        }
    }
    Ok(items)
}
