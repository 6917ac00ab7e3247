//! API calls as the web UI writes them, and answers as it reads them.

use doorkey_core::{ApiRequest, ApiResponse};

use crate::view::{ApiAnswer, ApiCall};

impl From<ApiCall> for ApiRequest {
    fn from(call: ApiCall) -> Self {
        Self {
            method: call.method,
            target: call.path,
            headers: call.headers,
            body: call.body.map(String::into_bytes),
        }
    }
}

impl From<ApiResponse> for ApiAnswer {
    fn from(response: ApiResponse) -> Self {
        let size = u32::try_from(response.body.len()).unwrap_or(u32::MAX);
        // A NUL is in no text, but in most pictures and archives that happen to be UTF-8.
        let text = String::from_utf8(response.body)
            .ok()
            .filter(|text| !text.contains('\0'));
        Self {
            status: response.status,
            headers: response.headers,
            binary: text.is_none(),
            body: text.unwrap_or_default(),
            size,
            millis: u32::try_from(response.elapsed.as_millis()).unwrap_or(u32::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn answer(body: &[u8]) -> ApiAnswer {
        ApiAnswer::from(ApiResponse {
            status: 200,
            headers: vec![("x".to_owned(), "y".to_owned())],
            body: body.to_vec(),
            elapsed: Duration::from_micros(2_400),
            challenge: None,
        })
    }

    #[test]
    fn text_is_shown_and_anything_else_only_measured() {
        let shown = answer("{\"name\":\"Zoë\"}".as_bytes());
        assert_eq!(
            shown,
            ApiAnswer {
                status: 200,
                headers: vec![("x".to_owned(), "y".to_owned())],
                body: "{\"name\":\"Zoë\"}".to_owned(),
                binary: false,
                size: 15,
                millis: 2,
            }
        );
        for binary in [&b"\x89PNG\r\n"[..], b"PK\x00\x00"] {
            let ApiAnswer { body, binary, .. } = answer(binary);
            assert_eq!((body.as_str(), binary), ("", true));
        }
        assert!(!answer(b"").binary);
    }
}
