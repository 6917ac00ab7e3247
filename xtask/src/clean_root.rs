//! A root that has nothing but what the package depends on: this machine's own distribution, from the archives that
//! this machine's apt uses.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use crate::command::{Failure, built, command, execute, failed, output, say};

/// What tests install later without a network: what a desktop has and the package does without.
const BROUGHT_ALONG: &str =
    "at-spi2-core dbus-user-session gnome-keyring libglib2.0-bin libgtk-3-bin";

/// The person who uses the package.
const PERSON: &str = "useradd --create-home --uid 1000 --shell /bin/bash ada";

/// For how long the archives are believed to hold still.
const FRESH: Duration = Duration::from_secs(3 * 24 * 60 * 60);

/// Changed when roots are made in another way.
const RECIPE: u32 = 1;

/// Makes the root for a package, unless there is one that would be the same.
pub(crate) fn for_package(package: &Path) -> Result<PathBuf, Failure> {
    // Beside this program: target/debug/xtask.
    let program = built("xtask")?;
    let target = program.ancestors().nth(2).unwrap_or(&program);
    let root = target.join("clean-root/root");
    let recipe = root.with_file_name("recipe");
    let release = Release::of_this_machine()?;
    let needs = needs(package)?;
    let wanted = format!(
        "{RECIPE}\n{PERSON}\n{BROUGHT_ALONG}\n{}\n{needs}\n{}",
        release.name, release.sources
    );
    if fs::read_to_string(&recipe).is_ok_and(|made| made == wanted) && is_fresh(&recipe) {
        return Ok(root);
    }
    say("Making a clean root for the package");
    let _ = fs::remove_file(&recipe);
    if root.exists() {
        fs::remove_dir_all(&root).map_err(failed("remove", &root))?;
    }
    fs::create_dir_all(&root).map_err(failed("make", &root))?;
    let sources = root.with_file_name("sources");
    fs::write(&sources, &release.sources).map_err(failed("write", &sources))?;
    execute(bootstrap(&release.name, &needs, &root, &sources))?;
    // Written last: a root that was interrupted is made again.
    fs::write(&recipe, wanted).map_err(failed("write", &recipe))?;
    Ok(root)
}

/// What this machine runs, and where its apt gets it from.
struct Release {
    name: String,
    sources: String,
}

impl Release {
    fn of_this_machine() -> Result<Self, Failure> {
        let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
        let name = release
            .lines()
            .find_map(|line| line.strip_prefix("VERSION_CODENAME="))
            .ok_or_else(|| Failure::new("/etc/os-release names no VERSION_CODENAME"))?
            .trim_matches('"')
            .to_owned();
        let folder = fs::read_dir("/etc/apt/sources.list.d")
            .into_iter()
            .flatten();
        let mut files: Vec<_> = folder.flatten().map(|entry| entry.path()).collect();
        files.push(PathBuf::from("/etc/apt/sources.list"));
        files.sort_unstable();
        let sources: Vec<_> = files
            .iter()
            .filter_map(|file| fs::read_to_string(file).ok())
            .filter(|text| is_of(text, &name))
            .collect();
        if sources.is_empty() {
            return Err(Failure::new(format!("no source of apt has {name}")));
        }
        Ok(Self {
            name,
            sources: sources.join("\n"),
        })
    }
}

/// Whether a list of sources is the distribution's own: others call their suites otherwise.
fn is_of(sources: &str, release: &str) -> bool {
    sources
        .lines()
        .filter(|line| line.starts_with("Suites:") || line.starts_with("deb "))
        .any(|line| line.split_whitespace().any(|word| word == release))
}

/// What the package depends on, as its control file says it.
fn needs(package: &Path) -> Result<String, Failure> {
    let mut query = command("dpkg-deb", &["--field"]);
    query.arg(package).arg("Depends");
    let needs = output(query).unwrap_or_default().trim().to_owned();
    let is_plain =
        |letter: char| letter.is_ascii_alphanumeric() || ".+-:,|()<>=~ ".contains(letter);
    // It goes through a shell.
    if needs.is_empty() || !needs.chars().all(is_plain) {
        return Err(Failure::new(format!(
            "{} depends on nothing, or on what no package is called: {needs}",
            package.display()
        )));
    }
    Ok(needs)
}

/// In namespaces of its own, so that nothing stays mounted or running, however it ends.
fn bootstrap(release: &str, needs: &str, root: &Path, sources: &Path) -> std::process::Command {
    let inside = |script: &str| {
        format!("--customize-hook=chroot \"$1\" env DEBIAN_FRONTEND=noninteractive {script}")
    };
    let mut bootstrap = command(
        "unshare",
        &[
            "--mount",
            "--fork",
            "--pid",
            "--kill-child",
            "--mount-proc",
            "mmdebstrap",
            "--mode=root",
            "--variant=minbase",
            "--format=directory",
            // The tests install from what lies here.
            "--skip=cleanup/apt/lists,cleanup/apt/cache",
            "--aptopt=APT::Install-Recommends \"false\"",
            "--aptopt=APT::Sandbox::User \"root\"",
            "--dpkgopt=force-unsafe-io",
            &inside(&format!("apt-get satisfy --yes '{needs}'")),
            &inside("apt-get clean"),
            &inside(&format!(
                "apt-get install --yes --download-only {BROUGHT_ALONG}"
            )),
            &inside(PERSON),
            release,
        ],
    );
    bootstrap.arg(root).arg(sources).env("LC_ALL", "C.UTF-8");
    bootstrap
}

fn is_fresh(file: &Path) -> bool {
    let made = fs::metadata(file).and_then(|data| data.modified()).ok();
    let age = made.and_then(|made| SystemTime::now().duration_since(made).ok());
    age.is_some_and(|age| age < FRESH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_distributions_own_sources_are_taken() {
        assert!(is_of(
            "Types: deb\nSuites: bookworm bookworm-updates\n",
            "bookworm"
        ));
        assert!(is_of("deb http://archive bookworm main\n", "bookworm"));
        assert!(!is_of(
            "deb https://others others-bookworm main\n",
            "bookworm"
        ));
        assert!(!is_of("# bookworm\nSuites: trixie\n", "bookworm"));
    }
}
