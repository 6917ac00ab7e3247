//! Pictures: small, of a known kind, and from nowhere private.

use url::Url;

use super::*;
use crate::identity::{Picture, picture};

const PNG: &[u8] = b"\x89PNG\r\n\x1A\nrest";

async fn fetched(reply: Answer) -> Option<Picture> {
    let double = Double::start(reply).await;
    picture(&Http::new(None), &double.url("ada"), true).await
}

#[tokio::test]
async fn the_bytes_say_what_kind_it_is() {
    for (bytes, media_type) in [
        (PNG, "image/png"),
        (b"\xFF\xD8\xFF\xE0rest", "image/jpeg"),
        (b"RIFF\0\0\0\0WEBPrest", "image/webp"),
        (b"GIF89arest", "image/gif"),
        (b"GIF87arest", "image/gif"),
    ] {
        let expected = Picture {
            media_type,
            bytes: bytes.to_vec(),
        };
        assert_eq!(
            fetched(Answer::bytes("text/html", bytes)).await,
            Some(expected)
        );
    }
    let debug = format!("{:?}", fetched(Answer::bytes("image/png", PNG)).await);
    assert_eq!(debug, "Some(Picture(image/png, 12 bytes))");
    for bytes in [
        &b"<svg onload=alert(1)>"[..],
        b"<html>",
        b"",
        b"\x89PN",
        b"RIFF\0\0\0\0WAVE",
        b"GIF88a",
        b"BM",
    ] {
        assert_eq!(fetched(Answer::bytes("image/png", bytes)).await, None);
    }
}

#[tokio::test]
async fn a_large_picture_or_another_answer_is_none() {
    let sized = |size: usize| [PNG, &vec![0; size - PNG.len()]].concat();
    assert!(
        fetched(Answer::bytes("image/png", sized(65_536)))
            .await
            .is_some()
    );
    assert!(
        fetched(Answer::bytes("image/png", sized(65_537)))
            .await
            .is_none()
    );
    for status in [204, 404, 500] {
        assert_eq!(
            fetched(Answer::bytes("image/png", PNG).with_status(status)).await,
            None
        );
    }
}

#[tokio::test]
async fn no_token_is_sent_and_no_redirect_followed() {
    let elsewhere = Double::start(Answer::bytes("image/png", PNG)).await;
    let double =
        Double::start(Answer::status(302).header("Location", elsewhere.url("ada").as_str())).await;
    assert_eq!(
        picture(&Http::new(None), &double.url("ada"), true).await,
        None
    );
    assert_eq!(elsewhere.count(), 0);
    let [asked] = &double.asked()[..] else {
        panic!()
    };
    assert!(asked.header("authorization").is_none() && asked.header("cookie").is_none());
}

#[tokio::test]
async fn private_and_insecure_addresses_are_not_asked() {
    let double = Double::start(Answer::bytes("image/png", PNG)).await;
    let http = Http::new(None);
    assert_eq!(picture(&http, &double.url("ada"), false).await, None);
    for address in [
        "http://example.com/a",
        "ftp://example.com/a",
        "file:///etc/passwd",
        "data:image/png;base64,AA",
    ] {
        assert_eq!(
            picture(&http, &Url::parse(address).unwrap(), true).await,
            None,
            "{address}"
        );
    }
    assert_eq!(double.count(), 0);
    assert!(picture(&http, &double.url("ada"), true).await.is_some());
}
