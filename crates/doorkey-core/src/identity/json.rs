//! JSON that leaves no doubt about what it says: one object, no member twice, nothing after it.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// Why bytes are no such object. The parser's own words may quote the bytes, so they are not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NotAnObject {
    /// Not JSON in UTF-8, or JSON of another kind.
    #[error("is not a JSON object")]
    Malformed,
    /// Two readers could disagree about the value of the member.
    #[error("says the same thing twice")]
    RepeatedMember,
}

/// Parses an object ([RFC 8259 §4](https://www.rfc-editor.org/rfc/rfc8259#section-4)).
pub(super) fn object(bytes: &[u8]) -> Result<Map<String, Value>, NotAnObject> {
    let object = serde_json::from_slice(bytes).map_err(|_| NotAnObject::Malformed)?;
    serde_json::from_slice::<Unrepeated>(bytes).map_err(|_| NotAnObject::RepeatedMember)?;
    Ok(object)
}

/// Any JSON in which no object, at any depth, has a member twice.
struct Unrepeated;

impl<'de> Deserialize<'de> for Unrepeated {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UnrepeatedVisitor)
    }
}

struct UnrepeatedVisitor;

impl<'de> Visitor<'de> for UnrepeatedVisitor {
    type Value = Unrepeated;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON without repeated members")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Unrepeated, A::Error> {
        let mut seen = HashSet::new();
        while let Some(name) = members.next_key::<String>()? {
            members.next_value::<Unrepeated>()?;
            if !seen.insert(name) {
                return Err(A::Error::custom("a repeated member"));
            }
        }
        Ok(Unrepeated)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Unrepeated, A::Error> {
        while elements.next_element::<Unrepeated>()?.is_some() {}
        Ok(Unrepeated)
    }

    fn visit_unit<E>(self) -> Result<Unrepeated, E> {
        Ok(Unrepeated)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Unrepeated, E> {
        Ok(Unrepeated)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Unrepeated, E> {
        Ok(Unrepeated)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Unrepeated, E> {
        Ok(Unrepeated)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Unrepeated, E> {
        Ok(Unrepeated)
    }

    fn visit_str<E>(self, _: &str) -> Result<Unrepeated, E> {
        Ok(Unrepeated)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_parsed() {
        let text = r#"{"a":1,"b":[{"a":-1.5e3},null,true,"x"],"c":{"a":{}}}"#;
        assert_eq!(
            Value::Object(object(text.as_bytes()).unwrap()),
            serde_json::from_str::<Value>(text).unwrap()
        );
    }

    #[test]
    fn a_member_may_not_be_repeated_at_any_depth() {
        for text in [
            r#"{"iss":"a","iss":"a"}"#,
            r#"{"iss":"a","\u0069ss":"b"}"#,
            r#"{"a":{"b":1,"b":2}}"#,
            r#"{"a":[0,{"b":[],"b":[]}]}"#,
        ] {
            assert_eq!(
                object(text.as_bytes()),
                Err(NotAnObject::RepeatedMember),
                "{text}"
            );
        }
    }

    #[test]
    fn anything_else_is_malformed() {
        let deep = format!("{}{}", r#"{"a":"#.repeat(5_000), "}".repeat(5_000));
        let texts: [&[u8]; 11] = [
            b"",
            b"null",
            b"[]",
            b"\"a\"",
            b"1",
            b"{} {}",
            b"{}x",
            b"\xEF\xBB\xBF{}",
            b"{\"a\":\"\xFF\"}",
            b"{\0}\0",
            deep.as_bytes(),
        ];
        for text in texts {
            assert_eq!(
                object(text),
                Err(NotAnObject::Malformed),
                "{:?}",
                String::from_utf8_lossy(text)
            );
        }
    }
}
