//! An app's icon in the tray, and its menu.
//!
//! The menu is `com.canonical.dbusmenu`. Its ids are numbers that mean nothing: entries are found by
//! what people read.

use std::collections::HashMap;

use futures_util::{StreamExt as _, stream::select};
use tokio::time::timeout;
use zbus::{
    Connection, Proxy, proxy,
    zvariant::{OwnedObjectPath, OwnedValue, Structure, Value},
};

use crate::{Error, Result, process::READY};

/// An entry of a menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What people read, without the underscore of an access key. Empty for a line between entries.
    pub label: String,
    /// Whether it can be pressed.
    pub enabled: bool,
    /// Whether it has a tick, if it can have one.
    pub checked: Option<bool>,
    /// How deep in submenus it is: 0 for the menu itself.
    pub depth: usize,
    id: i32,
}

/// An icon in the tray.
#[derive(Debug)]
pub struct TrayItem {
    item: Proxy<'static>,
    menu: MenuProxy<'static>,
}

type Properties = HashMap<String, OwnedValue>;
type Node = (i32, Properties, Vec<OwnedValue>);

#[proxy(interface = "com.canonical.dbusmenu", gen_blocking = false)]
trait Menu {
    fn about_to_show(&self, id: i32) -> zbus::Result<bool>;
    fn get_layout(&self, parent: i32, depth: i32, properties: &[&str])
    -> zbus::Result<(u32, Node)>;
    fn event(&self, id: i32, event: &str, data: &Value<'_>, time: u32) -> zbus::Result<()>;
    #[zbus(signal)]
    fn layout_updated(&self, revision: u32, parent: i32) -> zbus::Result<()>;
    #[zbus(signal)]
    fn items_properties_updated(
        &self,
        updated: Vec<(i32, Properties)>,
        removed: Vec<(i32, Vec<String>)>,
    ) -> zbus::Result<()>;
}

impl TrayItem {
    pub(super) async fn new(connection: &Connection, owner: String, path: String) -> Result<Self> {
        let item: Proxy<'static> = zbus::proxy::Builder::new(connection)
                .destination(owner.clone())?
                .path(path)?
                .interface("org.kde.StatusNotifierItem")?
                // The icon and its title change without the signal that caches rely on.
                .cache_properties(zbus::proxy::CacheProperties::No)
                .build()
                .await?;
        let menu: OwnedObjectPath = item.get_property("Menu").await?;
        let menu = MenuProxy::builder(connection)
            .destination(owner)?
            .path(menu)?
            .build()
            .await?;
        Ok(Self { item, menu })
    }

    /// A property of the icon that is text, such as `Title`, `Status` or `IconName`.
    ///
    /// # Errors
    ///
    /// If the icon has no such property.
    pub async fn property(&self, name: &str) -> Result<String> {
        Ok(self.item.get_property(name).await?)
    }

    /// The visible entries of the menu from top to bottom, submenus included.
    ///
    /// # Errors
    ///
    /// If the app does not answer.
    pub async fn menu(&self) -> Result<Vec<Entry>> {
        let root = self.menu.get_layout(0, -1, &[]).await?.1;
        let mut entries = Vec::new();
        for child in root.2 {
            collect(child, 0, &mut entries)?;
        }
        Ok(entries)
    }

    /// The menu once it is as expected.
    ///
    /// # Errors
    ///
    /// If it does not become so in time; the error shows how it was last.
    pub async fn menu_when(
        &self,
        mut expected: impl FnMut(&[Entry]) -> bool,
    ) -> Result<Vec<Entry>> {
        let layouts = self.menu.receive_layout_updated().await?.map(|_| ());
        let properties = self
            .menu
            .receive_items_properties_updated()
            .await?
            .map(|_| ());
        let mut changes = select(layouts, properties);
        let mut last = Vec::new();
        let wait = async {
            loop {
                last = self.menu().await?;
                if expected(&last) {
                    return Ok(());
                }
                if changes.next().await.is_none() {
                    return Err(Error::unexpected("tray", "the app has left the bus"));
                }
            }
        };
        match timeout(READY, wait).await {
            Ok(result) => result.map(|()| last),
            Err(_) => Err(Error::unexpected(
                "tray",
                format!("the menu stayed as it is for {READY:?}: {last:#?}"),
            )),
        }
    }

    /// Presses the entry with a label, once it is there and enabled.
    ///
    /// # Errors
    ///
    /// If there is no such entry in time.
    pub async fn press(&self, label: &str) -> Result<()> {
        let pressable = |entry: &Entry| entry.label == label && entry.enabled;
        let menu = self.menu_when(|menu| menu.iter().any(pressable)).await?;
        let id = menu
            .iter()
            .find(|entry| pressable(entry))
            .map(|entry| entry.id)
            .unwrap_or_default();
        // Toolkits may fill a menu only when it opens.
        self.menu.about_to_show(0).await?;
        Ok(self.menu.event(id, "clicked", &Value::from(""), 0).await?)
    }
}

/// Adds an entry and its submenu. A property that is left out has its default.
fn collect(value: OwnedValue, depth: usize, entries: &mut Vec<Entry>) -> Result<()> {
    let (id, properties, children): Node = Structure::try_from(value)?.try_into()?;
    if !flag(&properties, "visible") {
        return Ok(());
    }
    let label = properties
        .get("label")
        .and_then(|label| <&str>::try_from(label).ok())
        .unwrap_or_default();
    // One underscore marks the access key, two are one.
    let label = label
        .split("__")
        .map(|part| part.replace('_', ""))
        .collect::<Vec<_>>()
        .join("_");
    let ticked = |state: &OwnedValue| i32::try_from(state).is_ok_and(|state| state == 1);
    entries.push(Entry {
        label,
        enabled: flag(&properties, "enabled"),
        checked: properties
            .contains_key("toggle-type")
            .then(|| properties.get("toggle-state").is_some_and(ticked)),
        depth,
        id,
    });
    children
        .into_iter()
        .try_for_each(|child| collect(child, depth + 1, entries))
}

/// A property that is true unless it says otherwise.
fn flag(properties: &Properties, name: &str) -> bool {
    properties
        .get(name)
        .and_then(|value| bool::try_from(value).ok())
        .unwrap_or(true)
}
