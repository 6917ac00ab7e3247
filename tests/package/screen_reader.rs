//! What the window tells a screen reader: names, texts and places of what is in its page.
//!
//! The app is started from its entry, as people start it, so no driver sits in it. What assistive programs ask is
//! answered by any window: <https://gitlab.gnome.org/GNOME/at-spi2-core>

use std::time::Duration;

use doorkey_tests::{Error, Result, process::READY};
use tokio::time::{interval, timeout};
use zbus::{Connection, fdo::DBusProxy, proxy, zvariant::OwnedObjectPath};

use crate::root::Root;

/// The process that has the page names itself so.
const PAGE: &str = "WebProcess";

/// Below this lies each page as a whole.
const PAGES: &str = "/org/a11y/webkit/accessible/";

/// On the screen, not in the window.
const ON_SCREEN: u32 = 0;

/// Something in the page.
#[derive(Clone, Debug)]
struct Thing {
    name: String,
    text: String,
    /// Left, top, width, height.
    place: (i32, i32, i32, i32),
}

/// Somebody who asks windows what is in them.
pub(crate) struct ScreenReader {
    connection: Connection,
}

/// Owner and path of something.
type Reference = (String, OwnedObjectPath);

/// How the bus for assistive programs lists a thing: itself, its program, what it is in, its number there, how many are
/// in it, what can be asked of it, its name, its role, its description, its states.
type Listed = (
    Reference,
    Reference,
    Reference,
    i32,
    i32,
    Vec<String>,
    String,
    u32,
    String,
    Vec<u32>,
);

#[proxy(
    interface = "org.a11y.Bus",
    default_service = "org.a11y.Bus",
    default_path = "/org/a11y/bus",
    gen_blocking = false
)]
trait Accessibility {
    fn get_address(&self) -> zbus::Result<String>;
}

#[proxy(
    interface = "org.a11y.atspi.Cache",
    default_path = "/org/a11y/atspi/cache",
    gen_blocking = false
)]
trait Cache {
    fn get_items(&self) -> zbus::Result<Vec<Listed>>;
}

#[proxy(interface = "org.a11y.atspi.Accessible", gen_blocking = false)]
trait Accessible {
    fn get_children(&self) -> zbus::Result<Vec<Reference>>;
    fn get_interfaces(&self) -> zbus::Result<Vec<String>>;
    #[zbus(property(emits_changed_signal = "false"))]
    fn name(&self) -> zbus::Result<String>;
}

#[proxy(interface = "org.a11y.atspi.Text", gen_blocking = false)]
trait Text {
    fn get_text(&self, from: i32, to: i32) -> zbus::Result<String>;
}

#[proxy(interface = "org.a11y.atspi.Component", gen_blocking = false)]
trait Component {
    fn get_extents(&self, relative_to: u32) -> zbus::Result<(i32, i32, i32, i32)>;
}

impl ScreenReader {
    /// Asks a session's bus for the one where windows are described.
    pub(crate) async fn start(session: &Connection, root: &Root) -> Result<Self> {
        let address = AccessibilityProxy::new(session)
            .await?
            .get_address()
            .await?;
        // It is told as it is seen inside of the root.
        let path = address
            .strip_prefix("unix:path=")
            .and_then(|rest| rest.split(',').next())
            .ok_or_else(|| Error::unexpected("accessibility", format!("no path: {address}")))?;
        let address = format!("unix:path={}", root.path(path).display());
        let connection = zbus::connection::Builder::address(address.as_str())?
            .build()
            .await?;
        Ok(Self { connection })
    }

    /// Waits until something in the page has this name or text in it.
    pub(crate) async fn hears(&self, wanted: &str) -> Result<()> {
        self.when(wanted, |thing| {
            thing.name.contains(wanted) || thing.text.contains(wanted)
        })
        .await
        .map(drop)
    }

    /// The middle of what has a name that begins so, once it is in the page and stays in its place.
    pub(crate) async fn place(&self, name: &str) -> Result<(i32, i32)> {
        let mut seen = Vec::new();
        let thing = self
            .when(name, |thing| {
                let (_, _, width, height) = thing.place;
                if !thing.name.starts_with(name) || width < 1 || height < 1 {
                    return false;
                }
                let stays = seen.contains(&(thing.name.clone(), thing.place));
                seen.push((thing.name.clone(), thing.place));
                stays
            })
            .await?;
        let (left, top, width, height) = thing.place;
        Ok((left + width / 2, top + height / 2))
    }

    /// Waits for something in the page.
    async fn when(&self, wanted: &str, mut is_it: impl FnMut(&Thing) -> bool) -> Result<Thing> {
        let mut last = Ok(Vec::new());
        let wait = async {
            let mut pause = interval(Duration::from_millis(200));
            loop {
                pause.tick().await;
                // What is asked may have gone meanwhile: the page lives.
                last = self.things().await;
                let things = last.as_ref().map(Vec::as_slice).unwrap_or_default();
                if let Some(thing) = things.iter().find(|thing| is_it(thing)) {
                    return thing.clone();
                }
            }
        };
        if let Ok(thing) = timeout(READY, wait).await {
            return Ok(thing);
        }
        let said: Vec<_> = last?
            .into_iter()
            .map(|thing| format!("{} {}", thing.name, thing.text))
            .collect();
        let said = said.join("\n");
        let message = format!("nothing says \"{wanted}\" within {READY:?}, but:\n{said}");
        Err(Error::unexpected("window", message))
    }

    /// Everything in the page, from top to bottom.
    async fn things(&self) -> Result<Vec<Thing>> {
        let mut things = Vec::new();
        let bus = DBusProxy::new(&self.connection).await?;
        for name in bus.list_names().await? {
            if !name.contains(PAGE) {
                continue;
            }
            let cache = CacheProxy::builder(&self.connection)
                .destination(name)?
                .build()
                .await?;
            // The cache knows only what somebody has asked for: always the page itself.
            let known = cache.get_items().await?;
            let is_page = |(_, path): &Reference| path.starts_with(PAGES);
            let mut waiting: Vec<_> = known.into_iter().map(|(thing, ..)| thing).collect();
            waiting.retain(is_page);
            while let Some((owner, path)) = waiting.pop() {
                let (thing, children) = self.thing(&owner, path).await?;
                things.push(thing);
                waiting.extend(children.into_iter().rev());
            }
        }
        Ok(things)
    }

    async fn thing(&self, owner: &str, path: OwnedObjectPath) -> Result<(Thing, Vec<Reference>)> {
        let accessible = AccessibleProxy::builder(&self.connection)
            .destination(owner.to_owned())?
            .path(path.clone())?
            .cache_properties(zbus::proxy::CacheProperties::No)
            .build()
            .await?;
        let interfaces = accessible.get_interfaces().await?;
        let can = |name: &str| interfaces.iter().any(|interface| interface.ends_with(name));
        let text = if can(".Text") {
            let text = TextProxy::builder(&self.connection)
                .destination(owner.to_owned())?
                .path(path.clone())?
                .build()
                .await?;
            text.get_text(0, -1).await?
        } else {
            String::new()
        };
        let component = ComponentProxy::builder(&self.connection)
            .destination(owner.to_owned())?
            .path(path)?
            .build()
            .await?;
        let thing = Thing {
            name: accessible.name().await?,
            text,
            place: component.get_extents(ON_SCREEN).await?,
        };
        Ok((thing, accessible.get_children().await?))
    }
}
