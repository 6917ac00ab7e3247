//! `doorkey api`: calls the protected API.

mod refusal;

use std::collections::BTreeMap;
use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use doorkey_core::{ApiRequest, ApiResponse, Code};
use serde::Serialize;
use serde::de::IgnoredAny;

use crate::arguments::ProfileOption;
use crate::context::Context;
use crate::exit::{Exit, Failure, Outcome};
use crate::{inert, interrupt, output};
use refusal::refusal;

/// Call the protected API
///
/// The token goes only to the APIs that the profile lists. Redirects are not followed.
#[derive(Debug, Args)]
#[command(
    override_usage = "doorkey api [OPTIONS] [METHOD] <PATH-OR-URL>",
    after_help = "\
Examples:
  doorkey api /api/me
  doorkey api /api/v1/executions -d '{\"workflow\":\"tides.forecast\"}'
  doorkey api PUT /items/7 -d @item.json -H 'If-Match: \"3\"' -i

Exits with 0 on 2xx, and with 8 on 4xx and 5xx."
)]
pub(crate) struct Api {
    /// A path below the profile's first API or a whole URL, after a method unless that is GET, or POST with -d
    #[arg(value_name = "PATH-OR-URL", num_args = 1..=2, required = true)]
    target: Vec<String>,

    #[command(flatten)]
    profile: ProfileOption,

    /// A header to send; may be repeated
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE", value_parser = header)]
    headers: Vec<(String, String)>,

    /// The body to send, from a file after @, or from standard input with @-. JSON is labelled as JSON
    #[arg(short, long, value_name = "DATA", allow_hyphen_values = true)]
    data: Option<String>,

    /// Print status and headers before the body
    #[arg(short, long)]
    include: bool,
}

#[derive(Serialize)]
struct Document<'a> {
    status: u16,
    headers: BTreeMap<String, String>,
    #[serde(flatten)]
    body: Body<'a>,
    elapsed_ms: u128,
}

#[derive(Serialize)]
enum Body<'a> {
    #[serde(rename = "body")]
    Text(&'a str),
    #[serde(rename = "body_base64")]
    Bytes(String),
}

impl Api {
    pub(super) async fn run(self, context: &Context) -> Outcome {
        let profile = context.profile(&self.profile.profile)?;
        let request = self.request()?;
        let engine = context.engine();
        let session = engine.session(&profile).await?;
        let work = async {
            session
                .call(request)
                .await
                .map_err(|error| Failure::of_session(error, profile.name()))
        };
        let response =
            interrupt::unless_asked(work, engine.refreshing.clone(), &context.output).await?;
        self.print(context, &response)?;
        match refusal(&response, &profile) {
            None => Ok(Exit::Done),
            Some(failure) => {
                context.output.complain(&failure);
                Ok(failure.exit)
            }
        }
    }

    fn request(&self) -> Result<ApiRequest, Failure> {
        let body = self.data.as_deref().map(body).transpose()?;
        let (method, target) = match self.target.as_slice() {
            [method, target] => (method.as_str(), target),
            [only] if is_method(only) => {
                return Err(Failure::usage(
                    format!("{only} needs a path"),
                    format!("For example: doorkey api {only} /api/me"),
                ));
            }
            [target] if body.is_some() => ("POST", target),
            [target] => ("GET", target),
            _ => {
                return Err(Failure::usage(
                    "A path is missing",
                    "For example: doorkey api /api/me",
                ));
            }
        };
        let mut request = ApiRequest::new(method, target.as_str());
        for (name, value) in &self.headers {
            request = request.header(name.as_str(), value.as_str());
        }
        let Some(body) = body else { return Ok(request) };
        let is_labelled = self
            .headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        if !is_labelled && serde_json::from_slice::<IgnoredAny>(&body).is_ok() {
            request = request.header("Content-Type", "application/json");
        }
        Ok(request.body(body))
    }

    fn print(&self, context: &Context, response: &ApiResponse) -> Result<(), Failure> {
        if context.output.is_json() {
            return context.output.answer(&Document::of(response), String::new);
        }
        if self.include {
            context.output.bytes(head(response).as_bytes())?;
        }
        if output::stdout_is_terminal() {
            // A person looks at it: what is no text is not shown, and nothing in it is obeyed.
            return context.output.bytes(for_person(&response.body).as_bytes());
        }
        context.output.bytes(&response.body)
    }
}

impl<'a> Document<'a> {
    fn of(response: &'a ApiResponse) -> Self {
        let mut headers = BTreeMap::new();
        for (name, value) in &response.headers {
            // Lines of one name mean the same as one line with commas (RFC 9110 section 5.3).
            headers
                .entry(name.to_ascii_lowercase())
                .and_modify(|values: &mut String| {
                    values.push_str(", ");
                    values.push_str(value);
                })
                .or_insert_with(|| value.clone());
        }
        let body = match std::str::from_utf8(&response.body) {
            Ok(text) => Body::Text(text),
            Err(_) => Body::Bytes(STANDARD.encode(&response.body)),
        };
        Self {
            status: response.status,
            headers,
            body,
            elapsed_ms: response.elapsed.as_millis(),
        }
    }
}

fn head(response: &ApiResponse) -> String {
    let mut head = format!("HTTP {}\n", response.status);
    for (name, value) in &response.headers {
        head.push_str(&format!("{name}: {}\n", inert::for_line(value)));
    }
    head.push('\n');
    head
}

fn for_person(body: &[u8]) -> String {
    let Ok(text) = std::str::from_utf8(body) else {
        return format!(
            "({} bytes that are not text; redirect the output to keep them)\n",
            body.len()
        );
    };
    // Indentation is harmless, and JSON is full of it.
    let lines: Vec<_> = text
        .split('\t')
        .map(|part| inert::for_terminal(part).replace("\\u{d}\n", "\n"))
        .collect();
    let mut shown = lines.join("\t");
    if !shown.is_empty() && !shown.ends_with('\n') {
        shown.push('\n');
    }
    shown
}

fn header(text: &str) -> Result<(String, String), String> {
    match text.split_once(':') {
        Some((name, value)) if !name.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err("write it as 'Name: value'".to_owned()),
    }
}

fn body(data: &str) -> Result<Vec<u8>, Failure> {
    let Some(path) = data.strip_prefix('@') else {
        return Ok(data.as_bytes().to_vec());
    };
    let mut bytes = Vec::new();
    let read = if path == "-" {
        std::io::stdin().lock().read_to_end(&mut bytes).map(drop)
    } else {
        std::fs::File::open(path)
            .and_then(|mut file| file.read_to_end(&mut bytes))
            .map(drop)
    };
    read.map_err(|error| {
        let from = if path == "-" { "standard input" } else { path };
        Failure::new(Code::FileError, format!("Cannot read {from}: {error}"))
            .with_hint("What follows @ in -d is the name of a file.")
    })?;
    Ok(bytes)
}

fn is_method(text: &str) -> bool {
    matches!(
        text,
        "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS"
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn api(target: &[&str], data: Option<&str>, headers: &[&str]) -> Api {
        Api {
            target: target.iter().copied().map(str::to_owned).collect(),
            profile: ProfileOption {
                profile: "demo".parse().unwrap(),
            },
            headers: headers.iter().map(|text| header(text).unwrap()).collect(),
            data: data.map(str::to_owned),
            include: false,
        }
    }

    fn response(status: u16, body: &[u8]) -> ApiResponse {
        ApiResponse {
            status,
            headers: vec![
                ("Vary".to_owned(), "a".to_owned()),
                ("vary".to_owned(), "b".to_owned()),
            ],
            body: body.to_vec(),
            elapsed: Duration::from_millis(12),
            challenge: None,
        }
    }

    #[test]
    fn the_method_follows_from_the_body_unless_it_is_given() {
        assert_eq!(
            api(&["/x"], None, &[]).request().unwrap(),
            ApiRequest::get("/x")
        );
        assert_eq!(
            api(&["/x"], Some("{}"), &[]).request().unwrap(),
            ApiRequest::new("POST", "/x")
                .header("Content-Type", "application/json")
                .body("{}")
        );
        assert_eq!(
            api(&["PUT", "/x"], Some("a=b"), &[]).request().unwrap(),
            ApiRequest::new("PUT", "/x").body("a=b")
        );
        assert_eq!(
            api(&["/x"], Some("1"), &["content-type: text/plain"])
                .request()
                .unwrap(),
            ApiRequest::new("POST", "/x")
                .header("content-type", "text/plain")
                .body("1")
        );
        assert_eq!(
            api(&["DELETE"], None, &[]).request().unwrap_err().exit,
            Exit::Usage
        );
        assert_eq!(
            api(&["/x"], Some("@/no/such/file"), &[])
                .request()
                .unwrap_err()
                .code,
            "file_error"
        );
    }

    #[test]
    fn the_document_has_text_or_base64() {
        let expected = serde_json::json!({ "status": 200, "headers": { "vary": "a, b" }, "body": "ä", "elapsed_ms": 12 });
        assert_eq!(
            serde_json::to_value(Document::of(&response(200, "ä".as_bytes()))).unwrap(),
            expected
        );
        let expected = serde_json::json!({ "status": 500, "headers": { "vary": "a, b" }, "body_base64": "/w==", "elapsed_ms": 12 });
        assert_eq!(
            serde_json::to_value(Document::of(&response(500, b"\xff"))).unwrap(),
            expected
        );
    }

    #[test]
    fn g21_a_body_on_a_terminal_is_text() {
        assert_eq!(
            for_person(b"{\r\n\t\"a\": \"\x1b[2J\"}"),
            "{\n\t\"a\": \"\\u{1b}[2J\"}\n"
        );
        assert_eq!(
            for_person(b"\xff\xfe"),
            "(2 bytes that are not text; redirect the output to keep them)\n"
        );
        assert_eq!(for_person(b""), "");
    }
}
