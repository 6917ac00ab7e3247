//! Whoever publishes Doorkey: a key, programs that are signed with it, and the server that announces them.

use std::{
    fs::Permissions,
    io::Cursor,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use doorkey_double::{Answer, Request, Server};
use doorkey_tests::{Error, Result, program};
use minisign::KeyPair;
use serde_json::{Value, json};

/// Where the newest version is announced, with a place for all that may be told.
const ANNOUNCEMENT: &str = "/newest?version={{current_version}}&target={{target}}&arch={{arch}}";

/// Where its program is.
const PROGRAM: &str = "/program";

/// A server that answers as the test wants it to.
pub(crate) struct Publisher {
    pub(crate) server: Server,
    keys: KeyPair,
    plan: Arc<Mutex<Plan>>,
}

struct Plan {
    announcement: Answer,
    program: Answer,
}

impl Publisher {
    /// One with a key of its own, which announces nothing yet.
    pub(crate) async fn start() -> Result<Self> {
        let plan = Arc::new(Mutex::new(Plan {
            announcement: Answer::status(204),
            program: Answer::status(404),
        }));
        let planned = Arc::clone(&plan);
        let answer = move |request: &Request| {
            let plan = planned.lock().unwrap_or_else(PoisonError::into_inner);
            match request.path.as_str() {
                PROGRAM => plan.program.clone(),
                _ => plan.announcement.clone(),
            }
        };
        let server = Server::start(answer).await.map_err(Error::io("listen"))?;
        Ok(Self {
            server,
            keys: key_pair()?,
            plan,
        })
    }

    /// What a build for development needs to ask this publisher.
    pub(crate) fn variables(&self) -> Result<[(String, String); 2]> {
        let key = self.keys.pk.to_box().map_err(unsigned)?.into_string();
        Ok([
            ("DOORKEY_UPDATE_KEY".to_owned(), encoded(&key)),
            (
                "DOORKEY_UPDATE_ADDRESS".to_owned(),
                format!("{}{ANNOUNCEMENT}", self.server.origin()),
            ),
        ])
    }

    /// Signs a program for a version, or for none, as `tauri signer sign` does.
    pub(crate) fn sign(&self, program: &[u8], version: Option<&str>) -> Result<String> {
        sign_with(&self.keys, program, version)
    }

    /// An announcement of a version with a signature, for whatever this computer is.
    pub(crate) fn announcement(&self, version: &str, signature: &str) -> Value {
        let program = json!({
            "url": format!("{}{PROGRAM}", self.server.origin()),
            "signature": signature,
        });
        let target = format!("linux-{}", std::env::consts::ARCH);
        let package = format!("{target}-deb");
        json!({
            "version": version,
            "notes": "Faster.\u{202e}",
            "pub_date": "2026-11-22T12:00:00Z",
            "platforms": { target: program, package: program },
        })
    }

    /// Announces a program as it should be.
    pub(crate) fn announce(&self, version: &str, program: &[u8]) -> Result<()> {
        let signature = self.sign(program, Some(version))?;
        self.answer(
            Answer::json(&self.announcement(version, &signature)),
            Answer::bytes("application/octet-stream", program),
        );
        Ok(())
    }

    /// Answers so from now on.
    pub(crate) fn answer(&self, announcement: Answer, program: Answer) {
        *self.plan.lock().unwrap_or_else(PoisonError::into_inner) = Plan {
            announcement,
            program,
        };
    }
}

/// Somebody else's signature.
pub(crate) fn signed_by_another(program: &[u8], version: &str) -> Result<String> {
    sign_with(&key_pair()?, program, Some(version))
}

/// A copy of the app that says of itself that it was bundled as this, as the bundler writes it into a program.
pub(crate) fn bundled_as(kind: &str, folder: &Path) -> Result<PathBuf> {
    const UNKNOWN: &[u8] = b"__TAURI_BUNDLE_TYPE_VAR_UNK";
    let write = Error::io("copy the app");
    let mut bytes = std::fs::read(program::desktop()?).map_err(Error::io("read the app"))?;
    let place = bytes.windows(UNKNOWN.len()).position(|at| at == UNKNOWN);
    let place = place.ok_or_else(|| Error::unexpected("app", "it has no place for its bundle"))?;
    let end = place + UNKNOWN.len();
    bytes[end - kind.len()..end].copy_from_slice(kind.as_bytes());
    let copy = folder.join("doorkey-desktop");
    let written = std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(&copy, bytes))
        .and_then(|()| std::fs::set_permissions(&copy, Permissions::from_mode(0o755)));
    written.map_err(write)?;
    Ok(copy)
}

fn key_pair() -> Result<KeyPair> {
    KeyPair::generate_unencrypted_keypair().map_err(unsigned)
}

fn sign_with(keys: &KeyPair, program: &[u8], version: Option<&str>) -> Result<String> {
    let version = version.map(|version| format!("\tversion:{version}"));
    let comment = format!(
        "timestamp:1795000000\tfile:program{}",
        version.unwrap_or_default()
    );
    let data = Cursor::new(program);
    let signature = minisign::sign(Some(&keys.pk), &keys.sk, data, Some(&comment), None);
    Ok(encoded(&signature.map_err(unsigned)?.into_string()))
}

fn encoded(file: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(file)
}

fn unsigned(error: minisign::PError) -> Error {
    Error::unexpected("signature", error.to_string())
}
