//! Binding the three ports and wiring the three roles.

use std::{net::IpAddr, sync::Arc, time::Duration};

use axum::{Router, middleware, serve::ListenerExt};
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    api::{self, Api},
    broker::{self, Broker, UpstreamRegistration},
    browser::Cookies,
    client::Client,
    config::Config,
    counts::Tally,
    fault::Fault,
    loopback,
    places::Places,
    random,
    running::{Address, Running},
    seal::Seal,
    store::{Store, StoreError},
    token::{AccessTokens, RemoteKeys, SigningKeys},
    upstream::{self, Upstream},
};

/// How long an ID token is good for.
const ID_TOKEN_LIFETIME: Duration = Duration::from_secs(60 * 60);

/// One of the three servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The provider that apps talk to.
    Broker,
    /// The protected API.
    Api,
    /// The provider behind the broker.
    Upstream,
}

impl Role {
    /// `broker`, `api` or `upstream`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Broker => "broker",
            Self::Api => "api",
            Self::Upstream => "upstream",
        }
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Why the provider did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address is not one of this computer's own.
    #[error(
        "{address} is not a loopback address: this provider is for trying and testing, and listens on 127.0.0.1 or ::1 only"
    )]
    NotLoopback {
        /// The address that was asked for.
        address: IpAddr,
    },
    /// Another program listens there, perhaps this one started twice.
    #[error(
        "port {port} is in use, and the {role} needs it: stop the program that has it, or choose another with --port (0 takes free ports)"
    )]
    PortInUse {
        /// The server that wanted the port.
        role: Role,
        /// The port.
        port: u16,
    },
    /// The three ports in a row do not fit below 65536.
    #[error("port {port} leaves no room for the two ports after it: choose one up to 65533")]
    PortTooHigh {
        /// The port that was asked for.
        port: u16,
    },
    /// The system refused the port for another reason.
    #[error("the {role} cannot listen on port {port}: {source}")]
    Bind {
        /// The server that wanted the port.
        role: Role,
        /// The port.
        port: u16,
        /// What the system said.
        source: std::io::Error,
    },
    /// The database could not be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Keys could not be made or read, or the HTTP client could not be built.
    #[error("{0}")]
    Setup(String),
}

impl From<Fault> for StartError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Store(error) => Self::Store(error),
            other => Self::Setup(other.to_string()),
        }
    }
}

/// Starts broker, API and upstream on the current Tokio runtime. All three
/// listen when this returns.
///
/// # Errors
///
/// A [`StartError`] that says what to do: a port is in use, the address is
/// not a loopback address, the database cannot be used.
pub async fn start(config: Config) -> Result<Running, StartError> {
    let [broker_port, api_port, upstream_port] = ports(config.port)?;
    let broker_socket = loopback::bind(Role::Broker, config.address, broker_port).await?;
    let api_socket = loopback::bind(Role::Api, config.address, api_port).await?;
    let upstream_socket = loopback::bind(Role::Upstream, config.address, upstream_port).await?;
    let broker_at = address(Role::Broker, &broker_socket)?;
    let api_at = address(Role::Api, &api_socket)?;
    let upstream_at = address(Role::Upstream, &upstream_socket)?;

    let personality = config.personality;
    let client = Client::registered(&personality.client);
    let store = Store::open(config.database.as_deref(), &client)?;
    let http = http_client()?;
    let tally = Arc::new(Tally::default());
    let retention = config.access_token_lifetime.max(ID_TOKEN_LIFETIME);
    let registration = UpstreamRegistration {
        issuer: upstream_at.origin.clone(),
        client_id: "doorkey-broker".to_owned(),
        client_secret: random::secret()?,
        redirect_uri: format!("{}/upstream/callback", broker_at.origin),
    };

    let upstream_keys = SigningKeys::load(Role::Upstream, store.clone(), retention).await?;
    let upstream = Arc::new(Upstream::new(
        upstream_at.origin.clone(),
        broker_at.origin.clone(),
        registration.clone(),
        store.clone(),
        upstream_keys,
        seal(&store, Role::Upstream).await?,
        Cookies::new(Role::Upstream, upstream_at.port),
    ));

    let places = Places::of(&personality, &broker_at.origin, &api_at.origin);
    let broker_keys = Arc::new(SigningKeys::load(Role::Broker, store.clone(), retention).await?);
    let access_tokens = Arc::new(AccessTokens::new(
        places.access_token_issuer.clone(),
        Arc::clone(&broker_keys),
        seal(&store, Role::Broker).await?,
    ));
    let broker = Arc::new(Broker {
        origin: broker_at.origin.clone(),
        issuer: places.id_token_issuer.clone(),
        api: places.api.clone(),
        audience: places.audience.clone(),
        access_tokens: Arc::clone(&access_tokens),
        upstream_keys: RemoteKeys::new(format!("{}/jwks", upstream_at.origin), http.clone()),
        upstream: registration,
        store: store.clone(),
        keys: Arc::clone(&broker_keys),
        seal: seal(&store, Role::Broker).await?,
        cookies: Cookies::new(Role::Broker, broker_at.port),
        http: http.clone(),
        pending: broker::PendingSignIns::default(),
        devices: broker::PendingDevices::default(),
        tally: Arc::clone(&tally),
        access_token_lifetime: config.access_token_lifetime,
        id_token_lifetime: ID_TOKEN_LIFETIME,
        code_lifetime: config.code_lifetime,
        device_code_lifetime: config.device_code_lifetime,
        device_interval: config.device_interval,
        refresh_token_lifetime: config.refresh_token_lifetime,
        refresh_reuse_grace: personality.refresh_reuse_grace(config.refresh_reuse_grace),
        personality: personality.clone(),
    });

    let api = Arc::new(Api {
        origin: api_at.origin.clone(),
        audience: places.audience.clone(),
        issuer: places.access_token_issuer.clone(),
        looks: personality.tokens.access_token,
        keys: places
            .jwks_uri
            .as_ref()
            .map(|uri| RemoteKeys::new(uri.clone(), http)),
        tokens: access_tokens,
        vocabulary: personality.scopes,
        shape: personality.api,
        store: store.clone(),
        tally: Arc::clone(&tally),
    });

    let stop = CancellationToken::new();
    let tasks = TaskTracker::new();
    serve(
        &tasks,
        &stop,
        broker_socket,
        &broker_at,
        broker::router(broker).merge(api::at_provider(Arc::clone(&api))),
    );
    serve(&tasks, &stop, api_socket, &api_at, api::router(api));
    serve(
        &tasks,
        &stop,
        upstream_socket,
        &upstream_at,
        upstream::router(upstream),
    );
    tasks.close();
    tracing::info!(
        personality = personality.id,
        issuer = %places.issuer,
        api = %places.api,
        "the demo provider listens"
    );
    Ok(Running::new(
        broker_at,
        upstream_at,
        places,
        store,
        broker_keys,
        tally,
        stop,
        tasks,
    ))
}

/// Three ports in a row, or three times "any".
fn ports(first: u16) -> Result<[u16; 3], StartError> {
    if first == 0 {
        return Ok([0; 3]);
    }
    match (first.checked_add(1), first.checked_add(2)) {
        (Some(second), Some(third)) => Ok([first, second, third]),
        _ => Err(StartError::PortTooHigh { port: first }),
    }
}

fn address(role: Role, listener: &TcpListener) -> Result<Address, StartError> {
    let socket = listener.local_addr().map_err(|source| StartError::Bind {
        role,
        port: 0,
        source,
    })?;
    Ok(Address {
        authority: socket.to_string(),
        origin: format!("http://{socket}"),
        port: socket.port(),
    })
}

async fn seal(store: &Store, role: Role) -> Result<Seal, Fault> {
    let mut fresh = vec![0u8; 32];
    getrandom::fill(&mut fresh)?;
    Seal::new(&store.sealing_key(role, fresh).await?)
}

/// Talks to the other roles on this computer, so: no proxy, no redirects, and no
/// TLS, whose certificates would take most of the time of a start to load.
fn http_client() -> Result<reqwest::Client, StartError> {
    reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(10))
        .build()
        .map_err(|error| StartError::Setup(format!("the HTTP client could not be built: {error}")))
}

fn serve(
    tasks: &TaskTracker,
    stop: &CancellationToken,
    listener: TcpListener,
    address: &Address,
    router: Router,
) {
    let authority: Arc<str> = address.authority.as_str().into();
    let router = router.layer(middleware::from_fn_with_state(
        authority,
        loopback::only_our_own_host,
    ));
    let listener = listener.tap_io(|stream| {
        // Without it each small answer may wait for the other side's delayed acknowledgement.
        let _ = stream.set_nodelay(true);
    });
    let stopped = stop.clone().cancelled_owned();
    tasks.spawn(async move {
        if let Err(error) = axum::serve(listener, router)
            .with_graceful_shutdown(stopped)
            .await
        {
            tracing::error!(%error, "a server of the demo provider stopped");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_follow_each_other() {
        assert_eq!(ports(4180).unwrap(), [4180, 4181, 4182]);
        assert_eq!(ports(0).unwrap(), [0, 0, 0]);
        assert!(matches!(
            ports(65534),
            Err(StartError::PortTooHigh { port: 65534 })
        ));
    }
}
