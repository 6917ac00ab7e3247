//! Profiles as forms: presets and their fields as the window shows them, and back.

use doorkey_core::{Check, CheckOutcome, Field, FieldKind, FormFault, Preset, Profile};

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
    let preset = Preset::named(&form.preset).ok_or_else(|| {
        view::Problem::new(
            "profile_invalid",
            format!("There is no preset {:?}.", form.preset),
            "Choose one of those that are listed.",
        )
    })?;
    let values: Vec<_> = form
        .values
        .iter()
        .map(|value| (value.field.clone(), value.value.clone()))
        .collect();
    preset.fill(&name, &values).map_err(view::Problem::from)
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
            FieldKind::Choice(options) => view::FieldKind::Choice {
                options: options.iter().map(|option| (*option).to_owned()).collect(),
            },
            _ => view::FieldKind::Text,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the web UI is looked at with.
    #[test]
    fn export_bindings_example() {
        let presets = serde_json::to_string_pretty(&presets()).unwrap();
        std::fs::write(view::example("presets.json"), presets + "\n").unwrap();
    }
}
