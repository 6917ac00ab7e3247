//! Newer versions in a test: an address that announces what the test wants, and a line that holds a download.

use std::path::PathBuf;
use std::sync::Mutex;

use doorkey_double::Gate;

use crate::effects::{Package, Progress, Release, UpdateRoute};
use crate::view::{Problem, UpdateMethod};

/// The size of a program in a test.
pub(crate) const SIZE: u64 = 8_000_000;

/// Where a package is put in a test.
pub(crate) const PACKAGE: &str = "/home/ada/Downloads/doorkey-2.0.0-x86_64.deb";

/// What is done about newer versions in place of the world. By default nobody is asked for any.
#[derive(Debug, Default)]
pub(crate) struct Releases {
    method: Option<UpdateMethod>,
    /// What the address announces.
    pub(crate) announced: Mutex<Option<Result<String, Problem>>>,
    /// Holds looks and downloads in the middle, if there is one.
    pub(crate) line: Mutex<Option<Gate>>,
    /// Why what was downloaded is refused.
    pub(crate) untrusted: Mutex<Option<Problem>>,
    /// Why installing fails.
    pub(crate) refused: Mutex<Option<Problem>>,
    /// What was done, in order.
    pub(crate) done: Mutex<Vec<&'static str>>,
}

impl Releases {
    /// An address that announces version 2.0.0, for an app that installs so.
    pub(crate) fn installed(method: UpdateMethod) -> Self {
        Self {
            method: Some(method),
            announced: Mutex::new(Some(Ok("2.0.0".to_owned()))),
            ..Self::default()
        }
    }

    pub(crate) fn route(&self) -> Option<UpdateRoute> {
        self.method.map(|method| UpdateRoute {
            host: "updates.example.com".to_owned(),
            method,
        })
    }

    pub(crate) async fn find(&self) -> Result<Option<Release>, Problem> {
        self.done.lock().unwrap().push("find");
        self.pass().await;
        let announced = self.announced.lock().unwrap().clone().transpose()?;
        Ok(announced.map(|version| Release {
            version,
            notes: "Faster.".to_owned(),
        }))
    }

    pub(crate) async fn download(&self, progress: Progress) -> Result<Package, Problem> {
        self.done.lock().unwrap().push("download");
        progress(SIZE / 2, Some(SIZE));
        self.pass().await;
        match self.untrusted.lock().unwrap().clone() {
            Some(problem) => Err(problem),
            None => Ok(Package::new(b"a program".to_vec())),
        }
    }

    pub(crate) fn install(&self, package: &Package) -> Result<Option<PathBuf>, Problem> {
        assert_eq!(package.bytes(), b"a program");
        self.done.lock().unwrap().push("install");
        match self.refused.lock().unwrap().take() {
            Some(problem) => Err(problem),
            None => Ok((self.method == Some(UpdateMethod::Package)).then(|| PACKAGE.into())),
        }
    }

    async fn pass(&self) {
        let gate = self.line.lock().unwrap().clone();
        if let Some(gate) = gate {
            gate.pass().await;
        }
    }
}
