//! What a caller may choose before starting.

use std::{
    net::{IpAddr, Ipv4Addr},
    path::PathBuf,
    time::Duration,
};

use crate::personality::Personality;

/// Settings of the three servers. `Config::default()` is the demo.
///
/// ```
/// use doorkey_idp::Config;
///
/// let test = Config { port: 0, ..Config::default() };
/// assert!(test.database.is_none());
/// ```
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen. Anything but a loopback address is refused.
    pub address: IpAddr,
    /// Port of the broker. The API takes the next one, the upstream the one
    /// after that. `0` takes any free port for each of the three.
    pub port: u16,
    /// The SQLite file that keeps users, clients, consents, grants and keys.
    /// `None` keeps them in memory, so a restart signs everybody out.
    pub database: Option<PathBuf>,
    /// How long an access token is good for.
    pub access_token_lifetime: Duration,
    /// How long an authorization code waits to be redeemed.
    pub code_lifetime: Duration,
    /// How long a person may take to type a device's code and to agree.
    pub device_code_lifetime: Duration,
    /// How long a device has to wait between two questions. Whole seconds.
    pub device_interval: Duration,
    /// How long a refresh token stays good without being used.
    pub refresh_token_lifetime: Duration,
    /// How long a used refresh token may be used again before that ends the
    /// whole grant. Zero, the default, forgives nothing.
    pub refresh_reuse_grace: Duration,
    /// Which provider it plays. The longer grace of the two counts.
    pub personality: Personality,
}

impl Config {
    /// The port of the broker unless another is chosen.
    pub const DEFAULT_PORT: u16 = 4180;
}

impl Default for Config {
    fn default() -> Self {
        Self {
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: Self::DEFAULT_PORT,
            database: None,
            access_token_lifetime: Duration::from_secs(5 * 60),
            code_lifetime: Duration::from_secs(60),
            device_code_lifetime: Duration::from_secs(10 * 60),
            device_interval: Duration::from_secs(5),
            refresh_token_lifetime: Duration::from_secs(30 * 24 * 60 * 60),
            refresh_reuse_grace: Duration::ZERO,
            personality: Personality::STANDARD,
        }
    }
}
