//! A proxy that wants a name and a password: tinyproxy.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    process::Command,
};

use tempfile::TempDir;
use tokio::time::timeout;

use crate::{
    Error, Result,
    process::{READY, Running},
};

/// Who may use it.
pub const NAME: &str = "ada";
/// What they say to it; nobody else should ever see it.
pub const PASSWORD: &str = "canary-proxy-password";
/// How many ports are tried: tinyproxy takes none that it may choose, and another program can be quicker.
const ATTEMPTS: usize = 5;

/// tinyproxy on a port of this computer.
#[derive(Debug)]
pub struct Proxy {
    process: Running,
    address: SocketAddr,
    _folder: TempDir,
}

impl Proxy {
    /// Starts one. Tunnels to names below `.example` are handed to another proxy, since nobody else can resolve them.
    ///
    /// # Errors
    ///
    /// If tinyproxy is missing or does not start.
    pub async fn start(example: SocketAddr) -> Result<Self> {
        let mut tried = Self::try_start(example).await;
        for _ in 1..ATTEMPTS {
            if !matches!(tried, Err(Error::Ended { .. })) {
                break;
            }
            tried = Self::try_start(example).await;
        }
        tried
    }

    async fn try_start(example: SocketAddr) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("doorkey-proxy-").tempdir();
        let folder = folder.map_err(Error::io("make a folder for the proxy"))?;
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .and_then(|listener| listener.local_addr())
            .map_err(Error::io("find a free port"))?;
        let settings = format!(
            "Listen {}\nPort {}\nBasicAuth {NAME} {PASSWORD}\nUpstream http {example} \".example\"\nLogLevel Connect\n",
            address.ip(),
            address.port()
        );
        let file = folder.path().join("tinyproxy.conf");
        fs::write(&file, settings).map_err(Error::io("write the proxy's settings"))?;
        let mut command = Command::new("tinyproxy");
        // In the foreground, with its log on standard output.
        command.arg("-d").arg("-c").arg(file);
        let process = Running::start("tinyproxy", command)?;
        match timeout(READY, crate::process::answers(&process, address.port())).await {
            Ok(answers) => answers?,
            Err(_) => return Err(process.late("its port", READY)),
        }
        Ok(Self {
            process,
            address,
            _folder: folder,
        })
    }

    /// What to write into `HTTPS_PROXY`, with this password.
    pub fn url(&self, password: &str) -> String {
        format!("http://{NAME}:{password}@{}", self.address)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The requests in its log, in order, such as `CONNECT idp.example:443 HTTP/1.1`.
    pub fn requests(&self) -> Vec<String> {
        let log = self.log();
        let requests = log
            .lines()
            .filter_map(|line| line.split_once("Request (file descriptor "));
        requests
            .filter_map(|(_, rest)| Some(rest.split_once(": ")?.1.to_owned()))
            .collect()
    }

    /// All that it has written.
    pub fn log(&self) -> String {
        self.process.stdout() + &self.process.stderr()
    }
}
