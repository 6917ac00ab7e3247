//! A call as a curl command that does the same, for a shell that has `doorkey`.

use doorkey_core::{ApiRequest, Code, Error, Profile};

use crate::view::{ApiCall, Problem};

/// The command, in the syntax of POSIX shells. It asks for the token when it runs, so that none is in it.
///
/// # Errors
/// Why the call cannot be made, or not be written as a command.
pub(crate) fn command(profile: &Profile, call: ApiCall) -> Result<String, Problem> {
    let request = ApiRequest::from(call);
    let url = request.address(profile)?;
    let ApiRequest {
        method,
        headers,
        body,
        ..
    } = request;
    let method = method.to_ascii_uppercase();
    let body = body.map(text).transpose()?;
    let mut parts = vec![format!("curl -H {}", authorization(profile))];
    match (method.as_str(), &body) {
        ("GET", None) => {}
        // As a mere method, curl would wait for the body that never comes.
        ("HEAD", None) => parts.push("--head".to_owned()),
        _ => parts.push(format!("-X {}", quoted(&method))),
    }
    let typed = headers
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    for (name, value) in &headers {
        let value = value.trim_matches([' ', '\t']);
        // With a colon and nothing after it, curl takes a header away.
        let line = match value {
            "" => format!("{name};"),
            value => format!("{name}: {value}"),
        };
        parts.push(format!("-H {}", quoted(&line)));
    }
    if let Some(body) = &body {
        if !typed {
            // Else curl would call it a form.
            parts.push("-H 'Content-Type:'".to_owned());
        }
        // Unlike --data, it takes no @ for the name of a file.
        parts.push(format!("--data-raw {}", quoted(body)));
    }
    // Brackets and braces in an address are no patterns.
    parts.push(format!("--globoff {}", quoted(url.as_str())));
    Ok(parts.join(" \\\n  "))
}

/// The header with the token. The name of a profile needs no quotes; that of a header that a server has chosen does.
fn authorization(profile: &Profile) -> String {
    let token = format!("$(doorkey token --profile {})", profile.name());
    match profile.authorization_header() {
        "authorization" => format!("\"Authorization: Bearer {token}\""),
        header => format!("{}\"{token}\"", quoted(&format!("{header}: Bearer "))),
    }
}

/// In single quotes, where a shell takes everything as it is.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A body that may be pasted into a terminal: what controls one would act before the shell ever sees it.
fn text(body: Vec<u8>) -> Result<String, Problem> {
    String::from_utf8(body)
        .ok()
        .filter(|body| {
            !body
                .chars()
                .any(|character| character.is_control() && !matches!(character, '\n' | '\t'))
        })
        .ok_or_else(|| {
            Error::new(
                Code::RequestInvalid,
                "The body has control characters, which a terminal would obey",
            )
            .with_hint("Take them out, or write them as escapes.")
            .into()
        })
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use doorkey_core::ProfileSource;

    use super::*;

    fn profile() -> Profile {
        ProfileSource::new("https://login.example.com", "desktop")
            .api("https://api.example.com/v1/")
            .build(&"work".parse().unwrap())
            .unwrap()
    }

    fn call(method: &str, path: &str, headers: &[(&str, &str)], body: Option<&str>) -> ApiCall {
        ApiCall {
            method: method.to_owned(),
            path: path.to_owned(),
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            body: body.map(str::to_owned),
        }
    }

    /// What curl is given by a real shell, one argument after the other.
    fn arguments(command: &str) -> Vec<String> {
        let script = format!(
            "curl() {{ printf '%s\\0' \"$@\"; }}\ndoorkey() {{ printf 'TOKEN of %s' \"$*\"; }}\n{command}\n"
        );
        let output = Command::new("sh").args(["-c", &script]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        assert!(output.stderr.is_empty(), "{output:?}");
        let text = String::from_utf8(output.stdout).unwrap();
        text.strip_suffix('\0')
            .unwrap()
            .split('\0')
            .map(str::to_owned)
            .collect()
    }

    fn refused(call: ApiCall) -> String {
        command(&profile(), call).unwrap_err().code
    }

    #[test]
    fn a_plain_call_is_a_plain_command() {
        let headers = [("Accept", "application/json")];
        assert_eq!(
            command(&profile(), call("get", "/me?all=1", &headers, None)).unwrap(),
            "curl -H \"Authorization: Bearer $(doorkey token --profile work)\" \\\n  \
             -H 'Accept: application/json' \\\n  \
             --globoff 'https://api.example.com/v1/me?all=1'"
        );
    }

    #[test]
    #[cfg(unix)]
    fn the_header_that_a_server_names_reaches_curl_and_not_the_shell() {
        for header in ["flyte-authorization", "x-`id`", "x-$'!"] {
            let text = format!("authorization_header = {header:?}\n{}", profile().to_toml());
            let profile = Profile::parse(&"work".parse().unwrap(), &text).unwrap();
            let given = arguments(&command(&profile, call("GET", "/me", &[], None)).unwrap());
            assert_eq!(
                given[..2],
                [
                    "-H".to_owned(),
                    format!("{header}: Bearer TOKEN of token --profile work")
                ]
            );
        }
    }

    #[test]
    #[cfg(unix)]
    fn whatever_is_in_a_call_reaches_curl_and_not_the_shell() {
        let hostile = "'; touch owned; '$(touch owned)`touch owned`\"!!\\' \n\t@/etc/passwd #";
        let line = "'$(id)`id`\"\\!'; id #";
        let command = command(
            &profile(),
            call(
                "POST",
                "/o'clock/$(id)/`id`/[1-9]{a,b};id&id|id?q='&r=$HOME!!",
                &[("X-Note", line), ("X-Empty", " "), ("X'$`", "-x")],
                Some(hostile),
            ),
        )
        .unwrap();
        let given = arguments(&command);
        let url = given.last().unwrap();
        assert_eq!(
            given[..given.len() - 1],
            [
                "-H",
                "Authorization: Bearer TOKEN of token --profile work",
                "-X",
                "POST",
                "-H",
                &format!("X-Note: {line}"),
                "-H",
                "X-Empty;",
                "-H",
                "X'$`: -x",
                "-H",
                "Content-Type:",
                "--data-raw",
                hostile,
                "--globoff",
            ]
        );
        let expected = ApiRequest::get("/o'clock/$(id)/`id`/[1-9]{a,b};id&id|id?q='&r=$HOME!!");
        assert_eq!(*url, String::from(expected.address(&profile()).unwrap()));
        assert!(
            url.starts_with("https://api.example.com/v1/o'clock/$(id)/"),
            "{url}"
        );
    }

    #[test]
    #[cfg(unix)]
    fn a_body_of_a_file_name_or_an_option_is_sent_as_it_is() {
        let typed = [("content-type", "text/plain")];
        for body in ["@/etc/passwd", "--next", "-", "", "'", "''"] {
            let command = command(&profile(), call("PUT", "/x", &typed, Some(body))).unwrap();
            let given = arguments(&command);
            assert_eq!(given[2..6], ["-X", "PUT", "-H", "content-type: text/plain"]);
            assert_eq!(given[6..8], ["--data-raw", body]);
        }
    }

    #[test]
    fn a_head_does_not_wait_for_a_body_and_odd_methods_are_named() {
        let with = |method| command(&profile(), call(method, "/x", &[], None)).unwrap();
        assert!(with("HEAD").contains(" --head "));
        assert!(!with("HEAD").contains("-X"));
        assert!(with("M'ETHOD").contains(r"-X 'M'\''ETHOD'"));
    }

    #[test]
    fn what_could_not_be_sent_is_not_copied_either() {
        for headers in [
            [("Authorization", "Bearer x")],
            [("X", "a\r\nb: c")],
            [("@file", "x")],
            [("Host", "elsewhere.example")],
        ] {
            assert_eq!(
                refused(call("GET", "/x", &headers, None)),
                "request_invalid"
            );
        }
        assert_eq!(
            refused(call("GET -o x", "/x", &[], None)),
            "request_invalid"
        );
        assert_eq!(refused(call("GET", "/x\ny", &[], None)), "request_invalid");
        assert_eq!(
            refused(call("GET", "https://elsewhere.example/", &[], None)),
            "origin_not_allowed"
        );
    }

    #[test]
    fn nothing_that_a_terminal_would_obey_is_copied() {
        for body in ["\u{1b}[201~\nid\n", "\0", "\r", "\u{3}", "\u{9b}201~"] {
            assert_eq!(
                refused(call("POST", "/x", &[], Some(body))),
                "request_invalid"
            );
        }
    }
}
