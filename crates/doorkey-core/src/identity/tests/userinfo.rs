//! What userinfo and "who am I" may add, and what they may not spoil.

use doorkey_double::Gate;

use super::*;
use crate::Account;
use crate::identity::userinfo::UserInfo;
use crate::identity::{userinfo, who_am_i};
use crate::profile::WhoAmI;
use crate::trace::StepKind;

struct Question {
    double: Double,
    http: Http,
    token: AccessToken,
    steps: Steps,
}

impl Question {
    async fn new() -> Self {
        let (double, token) = (
            Double::start(Answer::status(500)).await,
            AccessToken::new(ACCESS_TOKEN),
        );
        Self {
            double,
            http: Http::new(None),
            token,
            steps: Steps::default(),
        }
    }

    /// What becomes of userinfo about `auth0|ada` when this is the answer.
    async fn userinfo(&self, reply: Answer) -> UserInfo {
        self.double.answer(reply);
        let endpoint = self.double.url("userinfo");
        userinfo(
            &self.http,
            &endpoint,
            &self.token,
            "auth0|ada",
            &self.steps.trace(),
        )
        .await
    }

    async fn who_am_i(&self, reply: Answer) -> Result<Account> {
        self.double.answer(reply);
        let question = WhoAmI {
            url: self.double.url("user?v=1"),
            subject: "/id".to_owned(),
            name: Some("/profile/name".to_owned()),
            email: Some("/emails/0".to_owned()),
        };
        who_am_i(
            &self.http,
            &question,
            &reqwest::header::AUTHORIZATION,
            &self.token,
            &self.steps.trace(),
        )
        .await
    }

    fn last(&self) -> (StepKind, Option<String>) {
        self.steps.told().pop().unwrap()
    }
}

fn about(subject: &str) -> Value {
    json!({
        "sub": subject, "name": "Countess", "preferred_username": "ada", "email": "ada@example.com",
        "picture": "https://example.com/ada.png",
    })
}

#[tokio::test]
async fn userinfo_tells_what_the_id_token_leaves_out() {
    let question = Question::new().await;
    let told = question
        .userinfo(said(about("auth0|ada")))
        .await
        .account()
        .unwrap();
    assert_eq!(told.subject(), Some("auth0|ada"));
    assert_eq!(
        (told.name(), told.username()),
        (Some("Countess"), Some("ada"))
    );
    assert_eq!(told.email(), Some("ada@example.com"));
    assert_eq!(
        told.picture().unwrap().as_str(),
        "https://example.com/ada.png"
    );
    let steps = [
        (StepKind::ProfileRequest, None),
        (StepKind::ProfileResponse, None),
    ];
    assert_eq!(question.steps.told(), steps);
    let text = question.steps.text();
    assert!(text.contains("(\"name\", Shown(\"Countess\"))"), "{text}");
    assert!(!text.contains(ACCESS_TOKEN));
}

#[tokio::test]
async fn c51_an_answer_about_another_person_is_discarded_and_flagged() {
    let question = Question::new().await;
    for claims in [
        about("auth0|bob"),
        about("AUTH0|ADA"),
        about("auth0|ada "),
        about(""),
        without(about(""), "sub"),
        with(about(""), "sub", json!(null)),
        with(about(""), "sub", json!(["auth0|ada"])),
    ] {
        let outcome = question.userinfo(said(&claims)).await;
        assert_eq!(outcome, UserInfo::AnotherPerson, "{claims}");
        assert_eq!(outcome.account(), None);
        let flagged = Some("Shown(\"userinfo_mismatch\")".to_owned());
        assert_eq!(question.last(), (StepKind::ProfileResponse, flagged));
    }
    assert!(!question.steps.text().contains("Countess") && !question.steps.text().contains("bob"));
}

#[tokio::test]
async fn c52_the_sign_in_goes_on_without_a_usable_answer() {
    let question = Question::new().await;
    let right = about("auth0|ada").to_string();
    for reply in [
        said(&right).with_status(401),
        said(&right).with_status(403),
        said(&right).with_status(500),
        said(&right).with_status(201),
        Answer::bytes("text/html", b"<html>log in</html>"),
        Answer::bytes("text/plain", right.as_bytes()),
        Answer::bytes("application/jsonp", right.as_bytes()),
        Answer::bytes("application/jwt", b"eyJhbGciOiJub25lIn0.e30."),
        Answer::status(200).with_body(right.as_str()),
        said("[]"),
        said("null"),
        said(""),
        said(r#"{"sub":"auth0|ada","sub":"auth0|ada"}"#),
        said(right.replace("Countess", &"a".repeat(300_000))),
    ] {
        assert_eq!(question.userinfo(reply).await, UserInfo::Unavailable);
        let (kind, failure) = question.last();
        assert!(kind == StepKind::ProfileResponse && failure.is_some());
    }
    assert_ne!(
        question
            .userinfo(Answer::bytes(
                "Application/JSON;charset=UTF-8",
                right.as_bytes()
            ))
            .await,
        UserInfo::Unavailable
    );
}

#[tokio::test]
async fn c52_the_token_goes_into_the_header_and_to_no_other_host() {
    let question = Question::new().await;
    question.userinfo(said(about("auth0|ada"))).await;
    let [asked] = &question.double.asked()[..] else {
        panic!()
    };
    assert_eq!(
        (asked.method.as_str(), asked.target().as_str()),
        ("GET", "/userinfo")
    );
    assert_eq!(
        asked.header("authorization"),
        Some(format!("Bearer {ACCESS_TOKEN}").as_str())
    );
    assert_eq!(asked.header("accept"), Some("application/json"));

    let elsewhere = Double::start(said(about("auth0|ada"))).await;
    for status in [301, 302, 303, 307, 308] {
        let reply = Answer::status(status).header("Location", elsewhere.url("userinfo").as_str());
        assert_eq!(question.userinfo(reply).await, UserInfo::Unavailable);
    }
    assert_eq!(elsewhere.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn c52_nobody_waits_long_for_an_answer() {
    let question = Question::new().await;
    let before = tokio::time::Instant::now();
    let never = said(about("auth0|ada")).held(&Gate::new());
    assert_eq!(question.userinfo(never).await, UserInfo::Unavailable);
    assert!(
        before.elapsed() <= Duration::from_secs(6),
        "{:?}",
        before.elapsed()
    );
}

#[tokio::test]
async fn c52_a_token_that_fits_no_header_is_not_sent() {
    let question = Question {
        token: AccessToken::new("canary\r\nX-Evil: 1"),
        ..Question::new().await
    };
    assert_eq!(
        question.userinfo(said(about("auth0|ada"))).await,
        UserInfo::Unavailable
    );
    assert_eq!(question.double.count(), 0);
    assert!(!question.steps.text().contains("canary"));
}

#[tokio::test]
async fn e37_a_token_that_is_sent_back_is_not_shown() {
    let question = Question::new().await;
    let echo = |text: &str| json!({ "sub": "auth0|ada", "preferred_username": text, "email": text, "picture": format!("https://example.com/{text}") });
    let hidden = format!("{}\u{200B}{}", &ACCESS_TOKEN[..6], &ACCESS_TOKEN[6..]);
    for text in [
        ACCESS_TOKEN.to_owned(),
        format!("Bearer {ACCESS_TOKEN}"),
        hidden,
    ] {
        let account = question
            .userinfo(said(echo(&text)))
            .await
            .account()
            .unwrap();
        let shown = format!("{account:?}{}", serde_json::to_string(&account).unwrap());
        assert!(!shown.contains(ACCESS_TOKEN), "{shown}");
        assert_eq!(account.username(), None);
    }
    let answer = json!({ "id": ACCESS_TOKEN, "profile": { "name": ACCESS_TOKEN }, "emails": [ACCESS_TOKEN] });
    assert_eq!(
        question.who_am_i(said(answer)).await.unwrap(),
        Account::default()
    );
    assert!(!question.steps.text().contains(ACCESS_TOKEN));
}

#[tokio::test]
async fn who_am_i_reads_the_account_where_the_profile_says() {
    let question = Question::new().await;
    let answer = json!({ "id": 583_231, "profile": { "name": "Ada" }, "emails": ["ada@example.com", "x"], "picture": "https://x/" });
    let account = question.who_am_i(said(answer)).await.unwrap();
    assert_eq!(account.subject(), Some("583231"));
    assert_eq!(
        (account.name(), account.email()),
        (Some("Ada"), Some("ada@example.com"))
    );
    assert_eq!((account.username(), account.picture()), (None, None));
    let [asked] = &question.double.asked()[..] else {
        panic!()
    };
    assert_eq!(asked.target(), "/user?v=1");
    assert_eq!(asked.header("accept"), Some("application/json"));
    assert_eq!(
        asked.header("authorization"),
        Some(format!("Bearer {ACCESS_TOKEN}").as_str())
    );
    assert!(!question.steps.text().contains("v=1"));
}

#[tokio::test]
async fn who_am_i_leaves_out_what_is_not_text() {
    let question = Question::new().await;
    for answer in [
        json!({ "id": 1.5, "profile": { "name": 7 }, "emails": "ada@example.com" }),
        json!({ "id": null, "profile": null, "emails": [null] }),
        json!({ "id": { "id": 1 }, "profile": [] }),
        json!({}),
    ] {
        assert_eq!(
            question.who_am_i(said(answer)).await.unwrap(),
            Account::default()
        );
    }
    let account = question
        .who_am_i(said(json!({ "id": "ada" })))
        .await
        .unwrap();
    assert_eq!(account.subject(), Some("ada"));
}

#[tokio::test]
async fn who_am_i_says_why_there_is_no_answer() {
    let question = Question::new().await;
    for (reply, says) in [
        (Answer::status(401), "is HTTP 401"),
        (
            Answer::bytes("text/html", b"<html>"),
            "is not application/json",
        ),
        (said("[]"), "is not a JSON object"),
        (
            Answer::status(302).header("Location", "/login"),
            "is a redirect",
        ),
    ] {
        assert_refusal(
            &question.who_am_i(reply).await.unwrap_err(),
            Code::Unavailable,
            says,
        );
    }
    assert_eq!(question.double.count(), 4);
}

#[tokio::test]
async fn an_answer_of_256_kib_is_the_largest() {
    let question = Question::new().await;
    for (size, fits) in [(262_144, true), (262_145, false)] {
        let mut bytes = about("auth0|ada").to_string().into_bytes();
        bytes.resize(size, b' ');
        let answer = Answer::bytes("application/json", bytes);
        let outcome = question.userinfo(answer).await;
        assert_eq!(outcome.account().is_some(), fits, "{size}");
    }
}
