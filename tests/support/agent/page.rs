//! A provider's page: what there is to fill in, and which button goes on.

use scraper::{ElementRef, Html, Selector};
use url::{Url, form_urlencoded};

use super::Person;

/// A URL to go to, and the form that goes along with a POST.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) url: Url,
    /// The body, `application/x-www-form-urlencoded`.
    pub(super) form: Option<String>,
}

impl Step {
    pub(super) fn visit(url: Url) -> Self {
        Self { url, form: None }
    }
}

pub(super) struct Page {
    url: Url,
    html: Html,
}

/// What people see on the buttons that go on, and on those that do not.
const AGREE: [&str; 8] = [
    "allow",
    "continue",
    "accept",
    "agree",
    "approve",
    "authorize",
    "yes",
    "sign",
];
const REFUSE: [&str; 7] = [
    "deny", "cancel", "abort", "reject", "refuse", "decline", "no",
];

impl Page {
    pub(super) fn parse(url: &Url, body: &str) -> Self {
        Self {
            url: url.clone(),
            html: Html::parse_document(body),
        }
    }

    pub(super) fn title(&self) -> String {
        let title = self
            .all("title")
            .into_iter()
            .next()
            .map(text)
            .unwrap_or_default();
        if title.is_empty() {
            "untitled".to_owned()
        } else {
            title
        }
    }

    /// What the person does on this page; nothing if there is nothing to do.
    pub(super) fn next(&self, person: &Person) -> Option<Step> {
        if person.denies
            && let Some(step) = self.refuse(person)
        {
            return Some(step);
        }
        self.all("form")
            .into_iter()
            .find_map(|form| self.agree(form, person))
    }

    /// Fills a form in and presses the button that goes on.
    fn agree(&self, form: ElementRef<'_>, person: &Person) -> Option<Step> {
        let buttons = self.buttons(form);
        let agreeing = buttons.iter().find(|button| says(**button, &AGREE));
        let harmless = buttons.iter().find(|button| !says(**button, &REFUSE));
        let pressed = agreeing.or(harmless).copied();
        // A form without buttons is sent by its page's script, as form_post is.
        if pressed.is_none() && (!buttons.is_empty() || self.asks(form)) {
            return None;
        }
        self.send(form, pressed, person)
    }

    /// Presses the button or follows the link that refuses.
    fn refuse(&self, person: &Person) -> Option<Step> {
        for form in self.all("form") {
            if let Some(button) = self
                .buttons(form)
                .into_iter()
                .find(|button| says(*button, &REFUSE))
            {
                return self.send(form, Some(button), person);
            }
        }
        let link = self
            .all("a[href]")
            .into_iter()
            .find(|link| says(*link, &REFUSE))?;
        Some(Step::visit(self.url.join(link.attr("href")?).ok()?))
    }

    /// The request that a form makes, if the person knows what to fill in.
    fn send(
        &self,
        form: ElementRef<'_>,
        pressed: Option<ElementRef<'_>>,
        person: &Person,
    ) -> Option<Step> {
        let mut fields = form_urlencoded::Serializer::new(String::new());
        for control in self.controls(form, "input[name], select[name], textarea[name]") {
            let value = match value(control, person) {
                Value::Of(value) => value,
                Value::None => continue,
                Value::Unknown => return None,
            };
            fields.append_pair(control.attr("name")?, &value);
        }
        if let Some(name) = pressed.and_then(|button| button.attr("name")) {
            fields.append_pair(
                name,
                pressed
                    .and_then(|button| button.attr("value"))
                    .unwrap_or_default(),
            );
        }
        let own = |name| pressed.and_then(|button| button.attr(name));
        let action = own("formaction")
            .or(form.attr("action"))
            .unwrap_or_default();
        let method = own("formmethod").or(form.attr("method")).unwrap_or("get");
        let mut url = self.url.join(action).ok()?;
        let fields = fields.finish();
        if method.eq_ignore_ascii_case("post") {
            return Some(Step {
                url,
                form: Some(fields),
            });
        }
        url.set_query(Some(&fields));
        Some(Step::visit(url))
    }

    /// Whether a form has a field that people fill in.
    fn asks(&self, form: ElementRef<'_>) -> bool {
        self.controls(form, "input, select, textarea")
            .into_iter()
            .any(|control| kind(control) != "hidden")
    }

    fn buttons(&self, form: ElementRef<'_>) -> Vec<ElementRef<'_>> {
        let mut buttons = self.controls(form, "button, input[type=submit], input[type=image]");
        buttons.retain(|button| {
            button.attr("disabled").is_none()
                && matches!(button.attr("type").unwrap_or("submit"), "submit" | "image")
        });
        buttons
    }

    /// The controls of a form: those in it, and those elsewhere that name it.
    fn controls(&self, form: ElementRef<'_>, selector: &str) -> Vec<ElementRef<'_>> {
        let mut controls = self.all(selector);
        controls.retain(|control| match control.attr("form") {
            Some(owner) => form.attr("id") == Some(owner),
            None => control
                .ancestors()
                .any(|ancestor| ancestor.id() == form.id()),
        });
        controls
    }

    fn all(&self, selector: &str) -> Vec<ElementRef<'_>> {
        // Every selector is written in this file; one that does not parse finds nothing.
        Selector::parse(selector)
            .map(|selector| self.html.select(&selector).collect())
            .unwrap_or_default()
    }
}

/// What a control adds to its form.
enum Value {
    Of(String),
    None,
    Unknown,
}

fn value(control: ElementRef<'_>, person: &Person) -> Value {
    let given = control.attr("value").unwrap_or_default().to_owned();
    let name = control.attr("name").unwrap_or_default();
    match kind(control) {
        "submit" | "image" | "button" | "reset" | "file" => Value::None,
        "checkbox" | "radio" if control.attr("checked").is_none() => Value::None,
        "checkbox" if person.unticks.contains(&given) => Value::None,
        "checkbox" | "radio" => Value::Of(control.attr("value").unwrap_or("on").to_owned()),
        "hidden" | "select" => Value::Of(given),
        "password" => Value::Of(person.password.clone()),
        _ if ["username", "login", "user", "email", "identifier"].contains(&name) => {
            Value::Of(person.user.clone())
        }
        _ if control.attr("autocomplete") == Some("username") => Value::Of(person.user.clone()),
        _ if given.is_empty() && control.attr("required").is_some() => Value::Unknown,
        _ => Value::Of(given),
    }
}

/// The type of an input, or the name of another element.
fn kind<'a>(control: ElementRef<'a>) -> &'a str {
    match control.value().name() {
        "input" => control.value().attr("type").unwrap_or("text"),
        other => other,
    }
}

/// Whether a button or link has one of the words in what it shows or sends.
fn says(control: ElementRef<'_>, words: &[&str]) -> bool {
    let shown = [
        text(control),
        control.attr("value").unwrap_or_default().to_owned(),
    ]
    .join(" ")
    .to_lowercase();
    shown
        .split(|character: char| !character.is_alphanumeric())
        .any(|word| words.contains(&word))
}

/// The text of an element, with single spaces.
fn text(element: ElementRef<'_>) -> String {
    element
        .text()
        .flat_map(str::split_whitespace)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(body: &str, denies: bool) -> Option<(String, Option<String>)> {
        let url = Url::parse("http://127.0.0.1:1/page").ok()?;
        let person = Person {
            denies,
            ..Person::default()
        };
        Page::parse(&url, body)
            .next(&person)
            .map(|step| (step.url.into(), step.form))
    }

    fn post(url: &str, form: &str) -> Option<(String, Option<String>)> {
        Some((url.to_owned(), Some(form.to_owned())))
    }

    #[test]
    fn fills_in_name_and_password() {
        let page = r#"<form method="post"><input name="csrf" type="hidden" value="a&amp;b">
            <input name="username" value="grace"><input name="password" type="password">
            <button>Sign in</button></form>"#;
        assert_eq!(
            next(page, false),
            post(
                "http://127.0.0.1:1/page",
                "csrf=a%26b&username=ada&password=demo"
            )
        );
    }

    #[test]
    fn allows_even_if_the_first_button_denies() {
        let page = r#"<form method="post" action="/consent"><button name="answer" value="deny">Deny</button>
            <button name="answer" value="allow">Allow</button></form>"#;
        assert_eq!(
            next(page, false),
            post("http://127.0.0.1:1/consent", "answer=allow")
        );
        assert_eq!(
            next(page, true),
            post("http://127.0.0.1:1/consent", "answer=deny")
        );
    }

    #[test]
    fn denies_by_a_link_where_there_is_no_button() {
        let page = r#"<form method="post"><button>Continue</button></form><a href="/abort">[ Cancel ]</a>"#;
        assert_eq!(
            next(page, true),
            Some(("http://127.0.0.1:1/abort".to_owned(), None))
        );
    }

    #[test]
    fn sends_what_a_script_would_send() {
        let page = r#"<form method="post" action="http://127.0.0.1:2/callback"><input type="hidden" name="code" value="c">
            <noscript><button>Continue</button></noscript></form>"#;
        assert_eq!(
            next(page, false),
            post("http://127.0.0.1:2/callback", "code=c")
        );
    }

    #[test]
    fn presses_a_button_that_stands_outside_its_form() {
        let page = r#"<form id="f" method="post" action="/end"></form>
            <button form="f" name="logout" value="yes">Yes, sign me out</button>"#;
        assert_eq!(
            next(page, false),
            post("http://127.0.0.1:1/end", "logout=yes")
        );
    }

    #[test]
    fn a_get_form_goes_into_the_query() {
        let page = r#"<form action="/next?old=1"><input type="hidden" name="a" value="1"><button>Go</button></form>"#;
        assert_eq!(
            next(page, false),
            Some(("http://127.0.0.1:1/next?a=1".to_owned(), None))
        );
    }

    #[test]
    fn leaves_alone_what_nobody_can_fill_in() {
        let page = r#"<form method="post"><input name="one_time_code" required><button>Check</button></form>"#;
        assert_eq!(next(page, false), None);
        assert_eq!(next("<p>You can close this tab.</p>", false), None);
    }
}
