//! What the controller does to the world, as one narrow trait.

use url::Url;

use crate::tray::Tray;
use crate::view::View;

/// The world outside of the controller. None of this may block.
pub trait Effects: Send + Sync + 'static {
    /// Shows a view in the window.
    fn publish(&self, view: &View);

    /// Shows the tray. Without one there is nothing to do.
    fn draw_tray(&self, tray: &Tray);

    /// Opens an address in the person's browser.
    ///
    /// # Errors
    /// When no browser could be started.
    fn open_browser(&self, url: &Url) -> doorkey_core::Result<()>;

    /// Puts text onto the clipboard.
    ///
    /// # Errors
    /// Why the system will not take it, in a clause.
    fn copy(&self, text: &str) -> Result<(), String>;

    /// Brings the window to the front, wherever it is.
    fn raise_window(&self);

    /// Takes the window off the screen, because the app is about to end.
    fn hide_window(&self);

    /// Ends the app. Nothing is under way any more.
    fn quit(&self);
}
