//! Whether two builds of one commit gave the same deb, and where not.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use super::{emptied, failed, places::Places, report};
use crate::command::{Failure, command, execute, say};

/// Fails when another deb is not the same, after telling which of its files are not.
pub(super) fn compare(places: &Places, ours: &Path, other: &Path) -> Result<(), Failure> {
    say(format!("Comparing with {}", other.display()));
    let read = |path: &Path| fs::read(path).map_err(failed("read", path));
    if read(ours)? == read(other)? {
        println!("    The same, byte for byte");
        return Ok(());
    }
    let unpacked = |deb: &Path, name| {
        let root = emptied(places.work.join("compare").join(name))?;
        let mut unpack = command("dpkg-deb", &["--raw-extract"]);
        unpack.arg(deb).arg(&root);
        execute(unpack).map(|()| root)
    };
    let differences = differences(&unpacked(ours, "ours")?, &unpacked(other, "other")?)?;
    for (path, difference) in &differences {
        println!("    {difference:<12} {}", path.display());
    }
    Err(Failure::new(match differences.len() {
        0 => "the files in the packages are the same, but not how they are packed".to_owned(),
        many => format!("{many} files differ; `diffoscope` tells how, but takes long for programs"),
    }))
}

/// Files that only one of two folders has, or that are not the same in both.
fn differences(ours: &Path, other: &Path) -> Result<Vec<(PathBuf, &'static str)>, Failure> {
    let inside = |root: &Path| -> Result<BTreeSet<PathBuf>, Failure> {
        let inside = |path: PathBuf| path.strip_prefix(root).map(Path::to_owned).ok();
        Ok(report::tree(root)?.into_iter().filter_map(inside).collect())
    };
    let (here, there) = (inside(ours)?, inside(other)?);
    let mut found = Vec::new();
    for path in here.union(&there) {
        let (one, two) = (ours.join(path), other.join(path));
        let difference = match (here.contains(path), there.contains(path)) {
            (true, false) => Some("only here"),
            (false, _) => Some("only there"),
            _ if one.is_dir() && two.is_dir() => None,
            _ => {
                let same = fs::read(&one).ok() == fs::read(&two).ok();
                (!same).then_some("not the same")
            }
        };
        found.extend(difference.map(|difference| (path.clone(), difference)));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_difference_is_told() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let (ours, other) = (folder.path().join("ours"), folder.path().join("other"));
        for (root, name, text) in [
            (&ours, "same", "a"),
            (&other, "same", "a"),
            (&ours, "changed", "a"),
            (&other, "changed", "b"),
            (&ours, "ours", ""),
            (&other, "other", ""),
        ] {
            fs::create_dir_all(root)?;
            fs::write(root.join(name), text)?;
        }
        let found = differences(&ours, &other).map_err(|failure| failure.to_string())?;
        let expected = [
            ("changed", "not the same"),
            ("other", "only there"),
            ("ours", "only here"),
        ];
        assert_eq!(
            found,
            expected.map(|(name, what)| (PathBuf::from(name), what))
        );
        Ok(())
    }
}
