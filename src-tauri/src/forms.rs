//! Profiles as forms: presets and their fields as the window shows them, and back.

use doorkey_core::{
    Check, CheckOutcome, DEMO, EDITION, Field, FieldKind, FormFault, Preset, Profile,
};

use crate::problem::sentence;
use crate::view;

/// What a profile can be made from.
pub(crate) fn presets() -> Vec<view::PresetView> {
    Preset::all()
        .iter()
        .map(|preset| view::PresetView {
            id: preset.id().to_owned(),
            title: preset.title().to_owned(),
            about: sentence(preset.about()),
            fields: preset.fields().map(field).collect(),
            setup: view::SetupView {
                steps: preset
                    .checklist()
                    .iter()
                    .map(|&step| step.to_owned())
                    .collect(),
                redirect_rule: sentence(preset.redirect_rule()),
                caution: preset.caution().to_owned(),
                revokes: preset.sign_out().revokes,
                ends_session: preset.sign_out().ends_session,
            },
        })
        .collect()
}

/// A profile as a form.
pub(crate) fn form(profile: &Profile) -> view::ProfileForm {
    let (preset, values) = Preset::values(profile);
    view::ProfileForm {
        name: profile.name().as_str().to_owned(),
        preset: preset.id().to_owned(),
        values: values
            .into_iter()
            .map(|(field, value)| view::FieldValue {
                field: field.to_owned(),
                value,
            })
            .collect(),
    }
}

/// The profile that a form describes.
///
/// # Errors
/// What is wrong with it, and in which field.
pub(crate) fn profile(form: &view::ProfileForm) -> Result<Profile, view::Problem> {
    let name = form
        .name
        .parse()
        .map_err(|error: doorkey_core::Error| view::Problem {
            field: Some("name".to_owned()),
            ..error.into()
        })?;
    let filled = preset(form)?.fill(&name, &filled(form));
    filled.map_err(view::Problem::from)
}

/// What has to be registered at the provider, as far as the form says so: whatever else is missing in it may be. Nothing
/// while the redirect URI or its ports are wrong, and nothing where the server tells which one it knows.
///
/// # Errors
/// When there is no such preset.
pub(crate) fn redirect_uris(form: &view::ProfileForm) -> Result<Vec<String>, view::Problem> {
    let preset = preset(form)?;
    let about_redirect = |name: &str| matches!(name, "redirect_uri" | "redirect_ports");
    let required =
        preset
            .fields()
            .filter(|field| field.required)
            .map(|field| match field.example {
                "" => (field.name.to_owned(), "example".to_owned()),
                example => (field.name.to_owned(), example.to_owned()),
            });
    let values: Vec<_> = filled(form)
        .into_iter()
        .filter(|(name, _)| about_redirect(name))
        .chain(required)
        .collect();
    let made = preset.fill(&DEMO.parse()?, &values);
    Ok(made.map_or_else(|_| Vec::new(), |made| made.redirect_uris_to_register()))
}

fn preset(form: &view::ProfileForm) -> Result<Preset, view::Problem> {
    Preset::named(&form.preset).ok_or_else(|| {
        view::Problem::new(
            "profile_invalid",
            format!("There is no preset {:?}.", form.preset),
            "Choose one of those that are listed.",
        )
    })
}

fn filled(form: &view::ProfileForm) -> Vec<(String, String)> {
    form.values
        .iter()
        .map(|value| (value.field.clone(), value.value.clone()))
        .collect()
}

impl From<FormFault> for view::Problem {
    fn from(fault: FormFault) -> Self {
        Self {
            field: fault.field.map(str::to_owned),
            ..Self::from(fault.error)
        }
    }
}

/// What a test of a profile found.
pub(crate) fn checks(checks: Vec<Check>) -> Vec<view::CheckView> {
    checks
        .into_iter()
        .map(|check| view::CheckView {
            title: check.title.to_owned(),
            outcome: match check.outcome {
                CheckOutcome::Ok => view::CheckOutcome::Ok,
                CheckOutcome::Warning => view::CheckOutcome::Warning,
                CheckOutcome::Failed => view::CheckOutcome::Failed,
            },
            seen: check.seen,
            remedy: check.remedy,
        })
        .collect()
}

fn field(field: &Field) -> view::FieldView {
    view::FieldView {
        name: field.name.to_owned(),
        label: field.label.to_owned(),
        help: sentence(field.about),
        example: field.example.to_owned(),
        required: field.required,
        advanced: field.advanced,
        kind: match field.kind {
            FieldKind::Words | FieldKind::Ports => view::FieldKind::Words,
            FieldKind::Number => view::FieldKind::Number,
            FieldKind::Flag => view::FieldKind::Flag,
            FieldKind::Pairs => view::FieldKind::Pairs,
            FieldKind::Requests => view::FieldKind::Lines,
            FieldKind::Secret => view::FieldKind::Secret,
            FieldKind::Choice(options) => view::FieldKind::Choice {
                options: options.iter().map(|option| (*option).to_owned()).collect(),
            },
            _ if field.name == "redirect_uri" => view::FieldKind::RedirectUri {
                app_link: app_link(),
            },
            _ => view::FieldKind::Text,
        },
    }
}

/// The redirect URI that has the browser open this app.
fn app_link() -> String {
    format!("{}:/callback", EDITION.scheme)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn registered(preset: &str, values: &[(&str, &str)]) -> Vec<String> {
        let values = values.iter().map(|(field, value)| view::FieldValue {
            field: (*field).to_owned(),
            value: (*value).to_owned(),
        });
        redirect_uris(&view::ProfileForm {
            name: String::new(),
            preset: preset.to_owned(),
            values: values.collect(),
        })
        .unwrap()
    }

    #[test]
    fn what_to_register_is_known_before_the_form_is_complete() {
        assert_eq!(registered("oidc", &[]), ["http://127.0.0.1/callback"]);
        assert_eq!(
            registered("github", &[("client_id", "wrong \u{7}")]),
            ["http://127.0.0.1/callback/github"]
        );
        let ports = ("redirect_ports", "8400 8401");
        assert_eq!(
            registered("okta", &[ports]),
            [
                "http://127.0.0.1:8400/callback",
                "http://127.0.0.1:8401/callback"
            ]
        );
        let app_link = app_link();
        let link = ("redirect_uri", &*app_link);
        assert_eq!(registered("entra", &[link]), [&*app_link]);
        assert_eq!(registered("entra", &[link, ports]), Vec::<String>::new());
        assert_eq!(
            registered("oidc", &[("redirect_uri", "https://example.com/")]),
            Vec::<String>::new()
        );
    }

    #[test]
    fn every_preset_says_what_to_register() {
        for preset in presets() {
            // A Flyte cluster tells itself which redirect URI it knows.
            let tells_itself = preset.id == "flyte";
            assert_eq!(
                registered(&preset.id, &[]).is_empty(),
                tells_itself,
                "{}",
                preset.id
            );
            assert!(!preset.setup.steps.is_empty() && preset.setup.redirect_rule.ends_with('.'));
        }
    }

    /// What the web UI is looked at with, a preset in each line.
    #[test]
    fn export_bindings_example() {
        let presets: Vec<_> = presets()
            .iter()
            .map(|preset| serde_json::to_string(preset).unwrap())
            .collect();
        let text = format!("[\n{}\n]\n", presets.join(",\n"));
        std::fs::write(view::example("presets.json"), text).unwrap();
        let registered: BTreeMap<_, _> = Preset::all()
            .iter()
            .map(|preset| (preset.id(), registered(preset.id(), &[])))
            .collect();
        let text = serde_json::to_string_pretty(&registered).unwrap();
        std::fs::write(view::example("redirect_uris.json"), text + "\n").unwrap();
    }
}
