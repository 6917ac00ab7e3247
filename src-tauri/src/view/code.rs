//! A code to type, and where.

use serde::Serialize;
use ts_rs::TS;

/// What a person needs to sign in with a code. The code that fetches the tokens is another one, and no part of it.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct CodeView {
    /// The code to type. Inert text: it comes from the provider.
    pub code: String,
    /// The page where it is typed.
    pub address: String,
    /// Whether no other device can reach that page, because it is on this computer.
    pub here_only: bool,
    /// Whether the page that is opened here, or by the picture, has the code in it already.
    pub complete: bool,
    /// That page as a picture for a phone's camera, if its address fits one.
    pub picture: Option<QrView>,
    /// When the code is no longer good, in milliseconds since the Unix epoch.
    #[ts(type = "number")]
    pub deadline: u64,
    /// Whether a browser could be started for it here; none if nobody asked for that.
    pub opened: Option<bool>,
}

/// A QR code as a drawing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct QrView {
    /// How many modules it is wide and high, with the margin that cameras need.
    pub size: u32,
    /// The dark modules, as the path of an SVG whose unit is a module.
    pub path: String,
}
