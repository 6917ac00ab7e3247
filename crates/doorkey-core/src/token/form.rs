//! Token responses as forms, as a few servers send them: read as the JSON object that RFC 6749 §5.1 asks for.

use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::error::{Code, Error, Result};
use crate::http::Answer;

const FORM: &str = "application/x-www-form-urlencoded";

/// The answer with its form as a JSON object; as it is, if it holds no form.
///
/// # Errors
/// [`Code::TokenResponseInvalid`] when a member is given twice: which one counts is nobody's to guess.
pub(super) fn as_json(answer: Answer) -> Result<Answer> {
    if !answer.has_media_type(FORM) {
        return Ok(answer);
    }
    let mut members = Map::new();
    for (name, value) in url::form_urlencoded::parse(&answer.body) {
        let former = members.insert(name.into_owned(), Value::String(value.into_owned()));
        if former.is_some() {
            return Err(Error::new(
                Code::TokenResponseInvalid,
                "The token response has a member twice",
            ));
        }
    }
    let mut headers = answer.headers;
    headers.insert(
        reqwest::header::CONTENT_TYPE,
        reqwest::header::HeaderValue::from_static("application/json"),
    );
    Ok(Answer {
        status: answer.status,
        headers,
        body: Zeroizing::new(Value::Object(members).to_string().into_bytes()),
    })
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;
    use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};

    use super::*;

    fn answer(media_type: &'static str, body: &str) -> Answer {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        Answer {
            status: StatusCode::OK,
            headers,
            body: Zeroizing::new(body.as_bytes().to_vec()),
        }
    }

    #[test]
    fn a_form_is_read_as_an_object_and_anything_else_stays() {
        let form = "application/x-www-form-urlencoded; charset=utf-8";
        let read = as_json(answer(
            form,
            "access_token=gho_1%2B&scope=repo%2Cgist&token_type=bearer",
        ))
        .expect("an answer");
        assert!(read.has_media_type("application/json"));
        assert_eq!(
            serde_json::from_slice::<Value>(&read.body).expect("JSON"),
            serde_json::json!({ "access_token": "gho_1+", "scope": "repo,gist", "token_type": "bearer" })
        );
        for (media_type, body) in [("application/json", "{\"a\":1}"), ("text/html", "a=b")] {
            let same = as_json(answer(media_type, body)).expect("an answer");
            assert_eq!(same.body.as_slice(), body.as_bytes());
        }
        let error = as_json(answer(form, "access_token=a&access_token=b")).err();
        assert_eq!(
            error.map(|error| error.code()),
            Some(Code::TokenResponseInvalid)
        );
    }
}
