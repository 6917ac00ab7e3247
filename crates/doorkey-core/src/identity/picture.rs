//! The person's picture, fetched here so that the web UI need not reach out.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::ACCEPT;
use url::Url;

use crate::http::{Http, Limits};
use crate::profile::{is_private, secure_url};

/// Pictures are small and not worth waiting for.
const LIMITS: Limits = Limits {
    deadline: Duration::from_secs(5),
    cap: 64 * 1024,
};

/// A picture of a kind that every web view can show.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// `image/png`, `image/jpeg`, `image/webp` or `image/gif`, by what the bytes are.
    pub media_type: &'static str,
    /// At most 64 KiB.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "Picture({}, {} bytes)",
            self.media_type,
            self.bytes.len()
        )
    }
}

/// Fetches a picture of at most 64 KiB, without a token and without following redirects.
///
/// The address comes from the provider. One that leads to this computer or a private network is
/// refused unless the provider itself may be there. Whatever goes wrong, there is no picture then;
/// initials take its place.
pub(crate) async fn picture(http: &Http, url: &Url, allow_private: bool) -> Option<Picture> {
    if secure_url(url.as_str()).is_err() || (is_private(url) && !allow_private) {
        return None;
    }
    let request = http
        .client(url)
        .await
        .ok()?
        .get(url.clone())
        .header(ACCEPT, "image/*")
        .build()
        .ok()?;
    let answer = http.send(request, LIMITS).await.ok()?;
    if answer.status != StatusCode::OK {
        return None;
    }
    let media_type = media_type(&answer.body)?;
    Some(Picture {
        media_type,
        bytes: answer.body.to_vec(),
    })
}

/// The kind of picture by its first bytes; what the server calls it does not count.
fn media_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some("image/png"),
        [0xFF, 0xD8, 0xFF, ..] => Some("image/jpeg"),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => Some("image/webp"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        _ => None,
    }
}
