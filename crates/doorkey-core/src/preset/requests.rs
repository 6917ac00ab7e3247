//! Requests to start from as people write them: `GET /api/me Who am I`, and a body in the lines after it, each with a space before.

use toml::{Table, Value};

/// What the file holds for such lines; none if a line is no request.
pub(super) fn parse(text: &str) -> Option<Vec<Value>> {
    let mut requests: Vec<Table> = Vec::new();
    for line in text.split('\n') {
        if let (Some(more), Some(last)) = (line.strip_prefix(' '), requests.last_mut()) {
            match last.get_mut("body") {
                Some(Value::String(body)) => {
                    body.push('\n');
                    body.push_str(more);
                }
                _ => {
                    last.insert("body".to_owned(), more.into());
                }
            }
            continue;
        }
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let (method, rest) = line.split_once(' ')?;
        let (path, title) = rest.trim_start().split_once(' ')?;
        requests.push(Table::from_iter([
            ("method".to_owned(), method.into()),
            ("path".to_owned(), path.into()),
            ("title".to_owned(), title.trim_start().into()),
        ]));
    }
    Some(requests.into_iter().map(Value::Table).collect())
}

/// The lines that [`parse`] makes these requests of.
pub(super) fn lines(requests: &[Value]) -> String {
    let mut lines = Vec::new();
    for request in requests {
        let member = |name| request.get(name).and_then(Value::as_str);
        let [method, path, title] =
            ["method", "path", "title"].map(|name| member(name).unwrap_or_default());
        lines.push(format!("{method} {path} {title}"));
        lines.extend(
            member("body")
                .into_iter()
                .flat_map(|body| body.split('\n').map(|line| format!(" {line}"))),
        );
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_requests_and_what_is_indented_is_a_body() {
        let text = "GET /me Who am I\nPOST /runs Start  a run\n {\n \n   \"days\": 7\n }";
        let requests = parse(text).expect("requests");
        assert_eq!(
            requests[1].get("body").and_then(Value::as_str),
            Some("{\n\n  \"days\": 7\n}")
        );
        assert_eq!(lines(&requests), text);
        assert_eq!(parse(" \n\n"), Some(Vec::new()));
        for bad in ["GET", "GET /me", "/me"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
