//! Fills in the template of Tauri's installer as its bundler does. Only what that template uses of Handlebars is known.

use std::collections::BTreeMap;

/// What a template is filled with.
#[derive(Debug, Default)]
pub(super) struct Values {
    /// Texts by name. One that is not here is empty.
    pub(super) texts: BTreeMap<&'static str, String>,
    /// Lists by name: what an entry is called, and what it is. One that is not here is empty.
    pub(super) lists: BTreeMap<&'static str, Vec<(String, String)>>,
}

/// The template, filled in.
pub(super) fn render(template: &str, values: &Values) -> String {
    let mut rendered = String::new();
    let mut rest = template;
    while let Some((before, tag, behind)) = next_tag(rest) {
        rendered.push_str(before);
        rest = behind;
        if let Some(name) = tag.strip_prefix("#if ") {
            let (inner, behind) = block(rest, "if");
            if !text(values, name).is_empty() {
                rendered.push_str(&render(inner, values));
            }
            rest = behind;
        } else if let Some(list) = tag.strip_prefix("#each ") {
            let (inner, behind) = block(rest, "each");
            rendered.push_str(&each(inner, list, values));
            rest = behind;
        } else {
            rendered.push_str(text(values, tag));
        }
    }
    rendered + rest
}

/// A block once for each entry of a list. Blocks within it are not known.
fn each(inner: &str, list: &str, values: &Values) -> String {
    let (name, alias) = match list.split_once(" as ") {
        Some((name, alias)) => (name, alias.trim_matches('|')),
        None => (list, "this"),
    };
    let entries = values.lists.get(name).into_iter().flatten();
    entries
        .map(|(key, value)| {
            let mut rendered = String::new();
            let mut rest = inner;
            while let Some((before, tag, behind)) = next_tag(rest) {
                rendered.push_str(before);
                rendered.push_str(match tag {
                    "no-escape @key" => key,
                    tag if tag == alias || tag == "this.[1]" => value,
                    _ => "",
                });
                rest = behind;
            }
            rendered + rest
        })
        .collect()
}

fn text<'a>(values: &'a Values, name: &str) -> &'a str {
    values.texts.get(name).map_or("", String::as_str)
}

/// What stands before the next tag, what is in it, and what stands behind. A tilde only takes spaces away.
fn next_tag(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("{{")?;
    let (tag, behind) = rest.split_once("}}")?;
    // Two backslashes stand for one, which would else take away the meaning of what follows.
    let before = before
        .strip_suffix(r"\\")
        .map_or(before, |_| &before[..before.len() - 1]);
    Some((before, tag.trim_matches('~').trim(), behind))
}

/// What is in a block whose beginning stands before the text, and what is behind its end.
fn block<'a>(text: &'a str, kind: &str) -> (&'a str, &'a str) {
    let (opening, closing) = (format!("{{{{#{kind} "), format!("{{{{/{kind}}}}}"));
    let mut end = 0;
    let mut depth = 1;
    while depth > 0 {
        let Some(close) = text[end..].find(&closing) else {
            return (text, "");
        };
        depth += text[end..end + close].matches(&opening).count();
        depth -= 1;
        end += close + closing.len();
    }
    (&text[..end - closing.len()], &text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_installers_template_uses_is_filled_in() {
        let entries = |entries: &[(&str, &str)]| {
            let entries = entries.iter();
            entries
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                .collect()
        };
        let values = Values {
            texts: BTreeMap::from([("name", "Doorkey".to_owned())]),
            lists: BTreeMap::from([
                ("schemes", entries(&[("", "a"), ("", "b")])),
                ("files", entries(&[("/x/y.exe", "y.exe")])),
            ]),
        };
        for (template, expected) in [
            ("<{{name}}{{other}}>", "<Doorkey>"),
            (r"$INSTDIR\\{{name}}", r"$INSTDIR\Doorkey"),
            (
                "{{#if name}}yes {{name}}{{/if}}{{#if other}}no{{/if}}.",
                "yes Doorkey.",
            ),
            (
                "{{#each schemes as |scheme| ~}}[{{scheme}}]{{/each}}",
                "[a][b]",
            ),
            (
                "{{#each files}}File \"/oname={{this.[1]}}\" \"{{no-escape @key}}\";{{this}}{{/each}}",
                "File \"/oname=y.exe\" \"/x/y.exe\";y.exe",
            ),
            (
                "1{{#each none as |n| ~}}{{#each n.ext as |e| ~}}x{{/each}}y{{/each}}2",
                "12",
            ),
        ] {
            assert_eq!(render(template, &values), expected, "{template}");
        }
    }
}
