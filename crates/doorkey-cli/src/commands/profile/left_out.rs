//! What an import or an export leaves out, told to programs and to people.

use doorkey_core::LeftOut;
use serde::{Serialize, Serializer};

#[derive(Serialize)]
struct Entry<'a> {
    field: &'a str,
    why: &'a str,
}

/// Each field with its reason, as a list of objects.
pub(super) fn serialize<S: Serializer>(
    left_out: &[LeftOut],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(left_out.iter().map(|left| Entry {
        field: &left.field,
        why: left.why,
    }))
}

/// The same as lines; none if nothing was left out.
pub(super) fn lines(left_out: &[LeftOut]) -> Vec<String> {
    let mut lines = Vec::new();
    if !left_out.is_empty() {
        lines.push("Left out:".to_owned());
    }
    let fields = left_out
        .iter()
        .map(|left| format!("  {}: {}", left.field, left.why));
    lines.extend(fields);
    lines
}
