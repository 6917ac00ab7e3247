use super::*;
use crate::view::{FlowField, Party};

fn about() -> About {
    About {
        version: "1.2.3".to_owned(),
        system: "Debian 13".to_owned(),
        provider: "login.example.com".to_owned(),
        issuer: Some("https://login.example.com".to_owned()),
    }
}

fn shown(name: &str, text: &str) -> FlowField {
    FlowField {
        name: name.to_owned(),
        value: FlowValue::Shown {
            text: text.to_owned(),
        },
    }
}

fn step(number: u32, from: Party, to: Party, label: &str, fields: Vec<FlowField>) -> FlowStep {
    FlowStep {
        number,
        from,
        to,
        label: label.to_owned(),
        why: "There is a reason.".to_owned(),
        at: 1_795_354_325_000 + u64::from(number) * 250,
        fields,
        failure: None,
    }
}

fn flow(steps: Vec<FlowStep>) -> FlowView {
    FlowView {
        summary: FlowSummary {
            id: 1,
            kind: FlowKind::SignIn,
            started: 1_795_354_325_000,
            outcome: FlowOutcome::Failed,
        },
        steps,
    }
}

fn text(flow: &FlowView) -> String {
    written(flow, &about(), &LeftOut::of(flow, Some("/home/ada")))
}

#[test]
fn the_file_tells_what_happened() {
    let hidden = FlowField {
        name: "code".to_owned(),
        value: FlowValue::Hidden { length: 312 },
    };
    let refused = FlowStep {
        failure: Some("The code was used before.".to_owned()),
        ..step(
            3,
            Party::Provider,
            Party::Doorkey,
            "Issue tokens",
            Vec::new(),
        )
    };
    let flow = flow(vec![
        step(1, Party::You, Party::Doorkey, "Ask to sign in", Vec::new()),
        step(
            2,
            Party::Doorkey,
            Party::Doorkey,
            "Think",
            vec![shown("client_id", "desktop"), hidden],
        ),
        refused,
    ]);
    let expected = "\
# Doorkey: sign-in, failed

Tokens, codes and other secrets are never recorded. Names, e-mail addresses and whatever else the provider told about the person are left out. Read it before you pass it on.

- Doorkey: `1.2.3`
- System: `Debian 13`
- Provider: `login.example.com`
- Issuer: `https://login.example.com`
- Began: 2026-11-22 13:32:05 UTC
- Outcome: failed; step 3 failed

```mermaid
sequenceDiagram
    participant P as Person and browser
    participant D as Doorkey
    participant I as Provider
    P->>D: 1. Ask to sign in
    D->>D: 2. Think
    I-xD: 3. Issue tokens
```

## Step by step

### 1. Ask to sign in

Person and browser to Doorkey, +0.250 s. There is a reason.

### 2. Think

Doorkey, in private, +0.500 s. There is a reason.

- `client_id`: `desktop`
- `code`: hidden, 312 bytes

### 3. Issue tokens

Provider to Doorkey, +0.750 s. There is a reason.

- **Failed:** `The code was used before.`
";
    assert_eq!(text(&flow), expected);
}

#[test]
fn the_person_is_left_out() {
    let refused = FlowStep {
        failure: Some(
            "Ada Moreno <ada@example.com> (248289761001) is not 2482897610012; see /home/ada/x."
                .to_owned(),
        ),
        ..step(
            1,
            Party::Provider,
            Party::Doorkey,
            "Say who this is",
            vec![
                shown("sub", "248289761001"),
                shown("name", "Ada Moreno"),
                shown("Email", "ada@example.com"),
                shown("picture", "https://login.example.com/faces/9"),
                shown("login_hint", "moreno"),
                shown("profile", "ada-at-work"),
                shown("scope", "openid user:ada@example.com"),
                shown("redirect_uri", "http://127.0.0.1:4180/callback"),
            ],
        )
    };
    let asked = step(
        2,
        Party::Doorkey,
        Party::Api,
        "Call the API",
        vec![shown("url", "https://api.example.com/people/9")],
    );
    let text = text(&flow(vec![refused, asked]));
    for personal in ["Ada", "ada", "moreno", "248289761001)", "people", "faces"] {
        assert!(!text.contains(personal), "{personal} in {text}");
    }
    for line in [
        "- `sub`: left out",
        "- `Email`: left out",
        "- `profile`: left out",
        "- `scope`: `openid user:(left out)`",
        "- `redirect_uri`: `http://127.0.0.1:4180/callback`",
        "- `url`: `https://api.example.com/…`",
        "- **Failed:** `(left out) <(left out)> ((left out)) is not 2482897610012; see ~/x.`",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} in {text}");
    }
}

#[test]
fn hostile_texts_stay_in_their_line() {
    let harmless = filled_with("x");
    for hostile in [
        "`````\n\n```\n# Owned\n<script>alert(1)</script>",
        "\r\n\u{2028}## Owned\n- [x](javascript:alert(1))",
        "]]>--><img src=x onerror=alert(1)>",
        "x; D->>I: owned\nend\n%%{init: {'theme':'x'}}%% #35; wrap: $$x$$",
        "\u{202E}denwo\u{202C}\u{0}\u{7}",
    ] {
        let text = filled_with(hostile);
        // Line by line it is what harmless words give: nothing was begun or ended.
        assert_eq!(text.lines().count(), harmless.lines().count(), "{text}");
        let mut in_diagram = false;
        for (line, expected) in text.lines().zip(harmless.lines()) {
            assert!(!line.chars().any(char::is_control), "{line:?}");
            if expected.starts_with("```") {
                assert_eq!(line, expected);
                in_diagram = !in_diagram;
            } else if in_diagram {
                assert!(
                    !line.contains([';', '#', '%', '<', '{', '$', '`']),
                    "{line}"
                );
                assert_eq!(line.matches(':').count(), expected.matches(':').count());
            } else {
                let heading = expected.len() - expected.trim_start_matches('#').len();
                let rest = outside_code(&line[heading..]);
                assert!(!rest.contains(['<', '[', '#', '\u{202E}']), "{line}");
                assert!(!line.starts_with("```"), "{line}");
            }
        }
        assert!(!in_diagram);
    }
}

/// A flow in which everything is the same text.
fn filled_with(words: &str) -> String {
    let step = FlowStep {
        why: words.to_owned(),
        failure: Some(words.to_owned()),
        ..step(
            1,
            Party::Doorkey,
            Party::Provider,
            words,
            vec![shown(words, words)],
        )
    };
    let about = About {
        version: words.to_owned(),
        system: words.to_owned(),
        provider: words.to_owned(),
        issuer: Some(words.to_owned()),
    };
    let flow = flow(vec![step]);
    written(&flow, &about, &LeftOut::of(&flow, None))
}

/// What of a line is in no code span, read as Markdown reads it.
fn outside_code(line: &str) -> String {
    let mut outside = String::new();
    let mut rest = line;
    while let Some(start) = rest.find('`') {
        let (before, span) = rest.split_at(start);
        outside.push_str(before);
        let fence = span.len() - span.trim_start_matches('`').len();
        let mut inside = &span[fence..];
        loop {
            let Some(end) = inside.find('`') else {
                panic!("a code span without an end: {line}");
            };
            let run = inside[end..].len() - inside[end..].trim_start_matches('`').len();
            inside = &inside[end + run..];
            if run == fence {
                break;
            }
        }
        rest = inside;
    }
    outside + rest
}

#[test]
fn lanes_in_which_nobody_is_are_left_out_and_upstream_is_dashed() {
    let flow = flow(vec![step(
        1,
        Party::Provider,
        Party::Upstream,
        "Send you on",
        Vec::new(),
    )]);
    assert_eq!(
        diagram(&flow.steps),
        "sequenceDiagram\n    participant I as Provider\n    participant U as Upstream\n    I-->>U: 1. Send you on\n"
    );
}

#[test]
fn times_that_make_no_sense_are_told_all_the_same() {
    assert_eq!(offset(1_000, 2_500), "-1.500 s");
    assert_eq!(offset(u64::MAX, 0), "+18446744073709551.615 s");
    assert_eq!(moment(u64::MAX), "unknown");
}

#[test]
fn the_name_says_what_and_when() {
    use chrono::TimeZone as _;
    let local = Local.with_ymd_and_hms(2026, 11, 22, 14, 32, 5).unwrap();
    let flow = |kind, started| FlowSummary {
        id: 1,
        kind,
        started,
        outcome: FlowOutcome::Done,
    };
    let started = u64::try_from(local.timestamp_millis()).unwrap();
    assert_eq!(
        stem(&flow(FlowKind::SignIn, started)),
        "doorkey-sign-in-2026-11-22-143205"
    );
    assert!(stem(&flow(FlowKind::SignOut, u64::MAX)).starts_with("doorkey-sign-out-19"));
}
