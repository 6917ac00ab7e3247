//! Parameters of OAuth requests, read once and strictly.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{HeaderMap, header::CONTENT_TYPE};

/// The parameters of a query or a form.
///
/// A parameter without a value counts as absent, and one that comes twice is
/// remembered as such: [RFC 6749 3.1] allows neither to mean anything else.
///
/// [RFC 6749 3.1]: https://www.rfc-editor.org/rfc/rfc6749#section-3.1
#[derive(Debug, Default)]
pub(crate) struct Parameters {
    values: BTreeMap<String, String>,
    repeated: BTreeSet<String>,
}

impl Parameters {
    pub(crate) fn parse(encoded: &[u8]) -> Self {
        let mut parameters = Self::default();
        for (name, value) in url::form_urlencoded::parse(encoded) {
            if value.is_empty() {
                continue;
            }
            if parameters
                .values
                .insert(name.to_string(), value.into_owned())
                .is_some()
            {
                parameters.repeated.insert(name.into_owned());
            }
        }
        parameters
    }

    /// The parameters of a form body, if it says that it is one.
    pub(crate) fn from_form(headers: &HeaderMap, body: &[u8]) -> Option<Self> {
        let content_type = headers.get(CONTENT_TYPE)?.to_str().ok()?;
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        media_type
            .eq_ignore_ascii_case("application/x-www-form-urlencoded")
            .then(|| Self::parse(body))
    }

    /// The members of a JSON object, if the body says that it is one. Only text counts.
    pub(crate) fn from_json(headers: &HeaderMap, body: &[u8]) -> Option<Self> {
        let content_type = headers.get(CONTENT_TYPE)?.to_str().ok()?;
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        if !media_type.eq_ignore_ascii_case("application/json") {
            return None;
        }
        let members: BTreeMap<String, serde_json::Value> = serde_json::from_slice(body).ok()?;
        let mut parameters = Self::default();
        for (name, value) in members {
            if let Some(text) = value.as_str().filter(|text| !text.is_empty()) {
                parameters.values.insert(name, text.to_owned());
            }
        }
        Some(parameters)
    }

    /// Puts a value that came by another way.
    pub(crate) fn put(&mut self, name: &str, value: String) {
        self.values.insert(name.to_owned(), value);
    }

    /// The value of a parameter that came at most once.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        if self.repeated.contains(name) {
            return None;
        }
        self.values.get(name).map(String::as_str)
    }

    /// The name of a parameter that came more than once.
    pub(crate) fn repeated(&self) -> Option<&str> {
        self.repeated.first().map(String::as_str)
    }

    pub(crate) fn is_repeated(&self, name: &str) -> bool {
        self.repeated.contains(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_values_are_absent_and_repeated_ones_have_no_value() {
        let parameters = Parameters::parse(b"a=1&b=&c=1&c=2&d=x%20y+z");
        assert_eq!(parameters.value("a"), Some("1"));
        assert_eq!(parameters.value("b"), None);
        assert_eq!(parameters.value("c"), None);
        assert_eq!(parameters.repeated(), Some("c"));
        assert_eq!(parameters.value("d"), Some("x y z"));
    }

    #[test]
    fn only_a_form_is_a_form() {
        let mut headers = HeaderMap::new();
        assert!(Parameters::from_form(&headers, b"a=1").is_none());
        headers.insert(CONTENT_TYPE, "application/json".parse().unwrap());
        assert!(Parameters::from_form(&headers, b"a=1").is_none());
        let form = "application/x-www-form-urlencoded; charset=UTF-8";
        headers.insert(CONTENT_TYPE, form.parse().unwrap());
        assert!(Parameters::from_form(&headers, b"a=1").is_some());
    }

    #[test]
    fn an_object_is_read_where_it_says_that_it_is_one() {
        let mut headers = HeaderMap::new();
        let body = br#"{"a": "1", "b": "", "c": 2}"#;
        assert!(Parameters::from_json(&headers, body).is_none());
        headers.insert(CONTENT_TYPE, "application/json".parse().unwrap());
        let parameters = Parameters::from_json(&headers, body).unwrap();
        assert_eq!(parameters.value("a"), Some("1"));
        assert_eq!((parameters.value("b"), parameters.value("c")), (None, None));
        assert!(Parameters::from_json(&headers, b"a=1").is_none());
    }
}
