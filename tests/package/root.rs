//! A root to install into: an overlay. Below lies what tests share, on top what one of them changes, which is thrown away.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use doorkey_tests::{Error, Result, process::Running};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// Installing takes longer than anything else, most of all on a busy machine.
const PATIENCE: Duration = Duration::from_secs(180);

/// What has been killed is gone soon.
const GONE: Duration = Duration::from_secs(5);

/// The person, whom the clean root knows.
pub(crate) const PERSON: &str = "ada";

/// Their home.
pub(crate) const HOME: &str = "/home/ada";

/// Who runs a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum User {
    Root,
    Person,
}

/// Trees that lie on each other, the top one first.
pub(crate) type Layers = Vec<PathBuf>;

/// A root with a network of its own, on which there is only this computer.
#[derive(Debug)]
pub(crate) struct Root {
    // Dropped first: what lies in the folder is in use until then.
    mounts: Mounts,
    layers: Layers,
    folder: TempDir,
}

impl Root {
    pub(crate) async fn over(layers: &Layers) -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("root-")
            .tempdir_in(given("DOORKEY_TEST_SCRATCH")?)
            .map_err(Error::io("make a folder for a root"))?;
        let inside = |name: &str| folder.path().join(name);
        for name in [UPPER, WORK, TREE] {
            fs::create_dir(inside(name)).map_err(Error::io("make a folder for a root"))?;
        }
        fs::write(inside(NETWORK), "").map_err(Error::io("make a file for a network"))?;
        let lower: Vec<_> = layers
            .iter()
            .map(|layer| layer.display().to_string())
            .collect();
        let options = format!(
            "lowerdir={},upperdir={},workdir={}",
            lower.join(":"),
            inside(UPPER).display(),
            inside(WORK).display()
        );
        let root = Self {
            mounts: Mounts {
                tree: inside(TREE),
                network: inside(NETWORK),
            },
            layers: layers.clone(),
            folder,
        };
        mount(
            &["-t", "overlay", "overlay", "-o", &options],
            &root.mounts.tree,
        )
        .await?;
        mount(&["-t", "proc", "proc"], &root.path("/proc")).await?;
        mount(&["--rbind", "/dev"], &root.path("/dev")).await?;
        // Without a network in common, a display is reached by its socket.
        let sockets = root.path(DISPLAYS);
        for folder in [Path::new(DISPLAYS), &sockets] {
            fs::create_dir_all(folder).map_err(Error::io("make the folder of displays"))?;
        }
        mount(&["--bind", DISPLAYS], &sockets).await?;
        let mut network = Command::new("unshare");
        network
            .arg(format!("--net={}", root.mounts.network.display()))
            .args(["ip", "link", "set", "lo", "up"]);
        finish("unshare", network).await?;
        Ok(root)
    }

    /// Makes a layer of what has been changed, for others to lie on. It stays until the scratch folder goes.
    pub(crate) fn into_layers(self) -> Layers {
        let Self {
            mounts,
            mut layers,
            folder,
        } = self;
        drop(mounts);
        layers.insert(0, folder.keep().join(UPPER));
        layers
    }

    /// What lies at a path of this root, seen from outside.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.mounts.tree.join(path.trim_start_matches('/'))
    }

    /// A command inside, with nothing of the environment outside.
    pub(crate) fn command(&self, user: User, program: &str) -> Command {
        let (name, home, number) = match user {
            User::Root => ("root", "/root", "0:0"),
            User::Person => (PERSON, HOME, "1000:1000"),
        };
        let mut command = Command::new("nsenter");
        command
            .arg(format!("--net={}", self.mounts.network.display()))
            .args(["chroot", "--userspec", number])
            .arg(&self.mounts.tree)
            .arg(program)
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin")
            .env("LANG", "C.UTF-8")
            .env("HOME", home)
            .env("USER", name)
            .env("DEBIAN_FRONTEND", "noninteractive");
        command
    }

    /// Runs a program inside as root to its end, and returns what it printed.
    pub(crate) async fn run(&self, program: &str, arguments: &[&str]) -> Result<String> {
        let mut command = self.command(User::Root, program);
        command.args(arguments);
        finish(program, command).await
    }

    /// Every file and folder of the root, without what belongs to the running system, to the person and to the package
    /// manager's own memory.
    pub(crate) fn files(&self) -> Result<Vec<String>> {
        const LEFT_OUT: [&str; 7] = [
            "/proc",
            "/dev",
            "/run",
            "/tmp",
            "/home",
            "/var/log",
            "/var/cache/apt",
        ];
        let mut files = Vec::new();
        let mut folders = vec![PathBuf::from("/")];
        while let Some(folder) = folders.pop() {
            let entries = fs::read_dir(
                self.mounts
                    .tree
                    .join(folder.strip_prefix("/").unwrap_or(&folder)),
            )
            .map_err(Error::io(format!("list {}", folder.display())))?;
            for entry in entries {
                let entry = entry.map_err(Error::io("list a folder"))?;
                let path = folder.join(entry.file_name());
                let name = path.display().to_string();
                if LEFT_OUT.contains(&name.as_str()) {
                    continue;
                }
                if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                    folders.push(path);
                }
                files.push(name);
            }
        }
        files.sort_unstable();
        Ok(files)
    }
}

/// What has to be undone before the folder can go.
#[derive(Debug)]
struct Mounts {
    tree: PathBuf,
    network: PathBuf,
}

impl Drop for Mounts {
    fn drop(&mut self) {
        // A process tells only its parent that it has ended: the others have to look.
        let start = Instant::now();
        while end_processes(&self.tree) && start.elapsed() < GONE {
            thread::sleep(Duration::from_millis(10));
        }
        for (options, place) in [("--recursive", &self.tree), ("--lazy", &self.network)] {
            let unmounted = Command::new("umount").arg(options).arg(place).status();
            debug_assert!(
                unmounted.is_ok_and(|status| status.success()),
                "{}",
                place.display()
            );
        }
    }
}

/// Kills all that runs inside of a tree, and tells whether there was any.
fn end_processes(tree: &Path) -> bool {
    let mut found = false;
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let number = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok());
        let inside = fs::read_link(entry.path().join("root")).is_ok_and(|root| root == tree);
        if let (true, Some(pid)) = (inside, number.and_then(Pid::from_raw)) {
            found = true;
            // One that ends by itself in between is gone as well.
            let _ = kill_process(pid, Signal::KILL);
        }
    }
    found
}

async fn mount(what: &[&str], place: &Path) -> Result<()> {
    let mut command = Command::new("mount");
    command.args(what).arg(place);
    finish("mount", command).await.map(drop)
}

/// Runs a command to its end, and returns what it printed.
pub(crate) async fn finish(name: &str, command: Command) -> Result<String> {
    let mut running = Running::start(name, command)?;
    drop(running.stdin());
    let status = running.exit(PATIENCE).await?;
    if status.success() {
        return Ok(running.stdout());
    }
    let said = format!("{status}: {}{}", running.stdout(), running.stderr());
    Err(Error::unexpected(name, said))
}

/// What `cargo xtask package` hands over.
pub(crate) fn given(variable: &str) -> Result<PathBuf> {
    env::var_os(variable)
        .map(PathBuf::from)
        .ok_or_else(|| Error::Missing {
            what: variable.to_owned(),
            fix: "run `cargo xtask package`, which makes what these tests need".to_owned(),
        })
}

const UPPER: &str = "upper";
const WORK: &str = "work";
const TREE: &str = "tree";
const NETWORK: &str = "network";
const DISPLAYS: &str = "/tmp/.X11-unix";
