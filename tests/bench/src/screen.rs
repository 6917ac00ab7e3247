//! When a window is painted: as the X server sees it, which is the same for every program.

use std::time::{Duration, Instant};

use doorkey_tests::process::READY;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::damage::{ConnectionExt as _, Damage, ReportLevel};
use x11rb::protocol::xproto::{
    AtomEnum, ChangeWindowAttributesAux, ConnectionExt as _, EventMask, ImageFormat, Visibility,
    Window,
};
use x11rb::rust_connection::RustConnection;

use crate::error::{Error, Result, unexpected};

/// For how long a picture must stay as it is to be the final one.
const QUIET: Duration = Duration::from_secs(2);

/// Looks at a display for the next window that opens on it.
pub(crate) struct Screen {
    connection: RustConnection,
}

/// What was seen of a window.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    /// When it came onto the screen.
    pub(crate) shown: Instant,
    /// When it looked for the first time as it looks from then on.
    pub(crate) painted: Instant,
}

impl Screen {
    /// Looks from now on. Whatever opens windows is to be started afterwards.
    pub(crate) fn look(display: &str) -> Result<Self> {
        let (connection, number) = x11rb::connect(Some(display)).map_err(failed)?;
        connection
            .damage_query_version(1, 1)
            .map_err(failed)?
            .reply()
            .map_err(failed)?;
        let root = connection.setup().roots[number].root;
        let children = ChangeWindowAttributesAux::new().event_mask(EventMask::SUBSTRUCTURE_NOTIFY);
        connection
            .change_window_attributes(root, &children)
            .map_err(failed)?
            .check()
            .map_err(failed)?;
        Ok(Self { connection })
    }

    /// Waits, on this thread, until a window has opened and its picture no longer changes.
    pub(crate) fn painted(self) -> Result<Seen> {
        let deadline = Instant::now() + READY;
        let mut opened = None;
        while Instant::now() < deadline {
            let mut changed = None;
            while let Some(event) = self.connection.poll_for_event().map_err(failed)? {
                let now = Instant::now();
                match event {
                    Event::CreateNotify(created) => self.follow(created.window)?,
                    Event::VisibilityNotify(visible)
                        if opened.is_none()
                            && visible.state != Visibility::FULLY_OBSCURED
                            && self.is_an_apps(visible.window)? =>
                    {
                        opened = Some(Opened::new(&self.connection, visible.window, now)?);
                        changed = Some(now);
                    }
                    Event::DamageNotify(_) => changed = Some(now),
                    _ => {}
                }
            }
            match (&mut opened, changed) {
                (Some(window), Some(at)) => window.look(&self.connection, at)?,
                (Some(window), None) if window.painted.elapsed() >= QUIET => {
                    return Ok(Seen {
                        shown: window.shown,
                        painted: window.painted,
                    });
                }
                _ => {}
            }
            self.wait()?;
        }
        Err(unexpected(match opened {
            Some(_) => "the window's picture never came to rest",
            None => "no window opened",
        }))
    }

    /// Asks to be told when the window can be seen. Many are gone again before that.
    fn follow(&self, window: Window) -> Result<()> {
        let visibility = ChangeWindowAttributesAux::new().event_mask(EventMask::VISIBILITY_CHANGE);
        self.connection
            .change_window_attributes(window, &visibility)
            .map_err(failed)?
            .ignore_error();
        Ok(())
    }

    /// Whether a window is an app's: the frames that the window manager puts around them say nothing of themselves.
    fn is_an_apps(&self, window: Window) -> Result<bool> {
        let class = self
            .connection
            .get_property(false, window, AtomEnum::WM_CLASS, AtomEnum::STRING, 0, 1)
            .map_err(failed)?
            .reply()
            .map_err(failed)?;
        Ok(class.value_len > 0)
    }

    /// Waits for the next event, or until it is time to see whether there was none for long enough.
    fn wait(&self) -> Result<()> {
        self.connection.flush().map_err(failed)?;
        let mut readable = [PollFd::new(self.connection.stream(), PollFlags::IN)];
        let at_most = Timespec {
            tv_sec: 0,
            tv_nsec: 100_000_000,
        };
        match poll(&mut readable, Some(&at_most)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
            Err(error) => Err(failed(error)),
        }
    }
}

/// A window on the screen.
struct Opened {
    window: Window,
    size: (u16, u16),
    damage: Damage,
    picture: Vec<u8>,
    shown: Instant,
    painted: Instant,
}

impl Opened {
    fn new(connection: &RustConnection, window: Window, now: Instant) -> Result<Self> {
        let geometry = connection
            .get_geometry(window)
            .map_err(failed)?
            .reply()
            .map_err(failed)?;
        let damage = connection.generate_id().map_err(failed)?;
        connection
            .damage_create(damage, window, ReportLevel::NON_EMPTY)
            .map_err(failed)?;
        Ok(Self {
            window,
            size: (geometry.width, geometry.height),
            damage,
            picture: Vec::new(),
            shown: now,
            painted: now,
        })
    }

    /// Takes a picture, and remembers when it became another one.
    fn look(&mut self, connection: &RustConnection, at: Instant) -> Result<()> {
        // Before the picture is taken: what is drawn later is told again.
        connection
            .damage_subtract(self.damage, x11rb::NONE, x11rb::NONE)
            .map_err(failed)?;
        let (width, height) = self.size;
        let picture = connection
            .get_image(ImageFormat::Z_PIXMAP, self.window, 0, 0, width, height, !0)
            .map_err(failed)?
            .reply()
            .map_err(failed)?
            .data;
        if picture != self.picture {
            self.picture = picture;
            self.painted = at;
        }
        Ok(())
    }
}

fn failed(error: impl std::fmt::Display) -> Error {
    unexpected(format!("the X server: {error}"))
}
