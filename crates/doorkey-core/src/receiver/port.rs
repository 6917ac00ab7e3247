//! The port itself: loopback only, bound once, kept until it is closed.

use std::future::poll_fn;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Notify;

use crate::error::{Code, Error, Result};
use crate::profile::{LoopbackUri, RedirectHost};

/// How many connections the system keeps for us until we take them.
const BACKLOG: u32 = 1024;
/// How often a free port is looked for that both address families have.
const PAIR_ATTEMPTS: usize = 32;

const IPV4: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const IPV6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

/// One port, on one or both loopback addresses.
#[derive(Debug)]
pub(super) struct Port {
    number: u16,
    /// Empty once closed. The lock is held while polling, so that closing from elsewhere is immediate.
    listeners: Mutex<Vec<TcpListener>>,
    closing: Notify,
}

impl Port {
    /// Opens the first port that is free.
    pub(super) fn open(redirect: &LoopbackUri) -> Result<Self> {
        let (listeners, number) = match redirect.ports() {
            [] => open_any(redirect.host()),
            ports => open_listed(redirect.host(), ports),
        }
        .map_err(|error| unavailable(redirect, error))?;
        Ok(Self {
            number,
            listeners: Mutex::new(listeners),
            closing: Notify::new(),
        })
    }

    pub(super) fn number(&self) -> u16 {
        self.number
    }

    /// Takes the next connection. Waits for ever once the port is closed.
    pub(super) async fn accept(&self) -> io::Result<TcpStream> {
        poll_fn(|context| {
            let mut listeners = self.lock();
            for index in 0..listeners.len() {
                if let Poll::Ready(accepted) = listeners[index].poll_accept(context) {
                    // The other family comes first next time.
                    listeners.rotate_left(1);
                    return Poll::Ready(accepted.map(|(stream, _)| stream));
                }
            }
            Poll::Pending
        })
        .await
    }

    /// Gives the port back: whoever connects from now on is refused.
    pub(super) fn close(&self) {
        self.lock().clear();
        self.closing.notify_one();
    }

    /// Waits until the port is closed.
    pub(super) async fn closed(&self) {
        self.closing.notified().await;
    }

    fn lock(&self) -> MutexGuard<'_, Vec<TcpListener>> {
        self.listeners
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    pub(super) fn addresses(&self) -> Vec<SocketAddr> {
        self.lock()
            .iter()
            .map(|listener| listener.local_addr().expect("an address"))
            .collect()
    }
}

fn open_any(host: RedirectHost) -> io::Result<(Vec<TcpListener>, u16)> {
    let any = |address| {
        let listener = listen(address, 0)?;
        let number = listener.local_addr()?.port();
        Ok((listener, number))
    };
    let alone = |(listener, number)| (vec![listener], number);
    match host {
        RedirectHost::Ipv4 => any(IPV4).map(alone),
        RedirectHost::Ipv6 => any(IPV6).map(alone),
        RedirectHost::Localhost => pair(|| any(IPV4), listen_beside),
    }
}

/// A listener on a port that the other family has as well, and that one's listener.
fn pair<T>(
    mut any: impl FnMut() -> io::Result<(T, u16)>,
    mut beside: impl FnMut(u16) -> io::Result<Option<T>>,
) -> io::Result<(Vec<T>, u16)> {
    // A port that only one family has stays taken until a pair is found, so that it is not offered again.
    let mut halves = Vec::new();
    loop {
        let (first, number) = any()?;
        match beside(number) {
            Ok(second) => return Ok((std::iter::once(first).chain(second).collect(), number)),
            Err(error) if halves.len() >= PAIR_ATTEMPTS => return Err(error),
            Err(_) => halves.push(first),
        }
    }
}

fn open_listed(host: RedirectHost, ports: &[u16]) -> io::Result<(Vec<TcpListener>, u16)> {
    let mut failure = io::Error::from(ErrorKind::AddrInUse);
    for &number in ports {
        let opened = match host {
            RedirectHost::Ipv4 => listen(IPV4, number).map(|listener| vec![listener]),
            RedirectHost::Ipv6 => listen(IPV6, number).map(|listener| vec![listener]),
            RedirectHost::Localhost => listen(IPV4, number).and_then(|first| {
                Ok(std::iter::once(first)
                    .chain(listen_beside(number)?)
                    .collect())
            }),
        };
        match opened {
            Ok(listeners) => return Ok((listeners, number)),
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

/// The IPv6 half of `localhost`; none where the computer has no IPv6, since then no browser can go there either.
fn listen_beside(number: u16) -> io::Result<Option<TcpListener>> {
    where_there_is_ipv6(listen(IPV6, number))
}

fn where_there_is_ipv6<T>(outcome: io::Result<T>) -> io::Result<Option<T>> {
    match outcome {
        Ok(listener) => Ok(Some(listener)),
        Err(error) if is_without_ipv6(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

fn listen(address: IpAddr, number: u16) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()
    } else {
        TcpSocket::new_v6()
    }?;
    // On Unix this only lets a listed port be used again while connections of the last sign-in fade out. On Windows
    // it would let another program take the port from us. Without it Windows keeps out the programs of other people; to keep
    // out those of the same person, who may do worse, takes SO_EXCLUSIVEADDRUSE, which no library sets in safe code.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(SocketAddr::new(address, number))?;
    socket.listen(BACKLOG)
}

/// Whether the address family is unknown here, or known and switched off.
fn is_without_ipv6(error: &io::Error) -> bool {
    const UNKNOWN_FAMILY: i32 = if cfg!(windows) {
        10047
    } else if cfg!(target_os = "linux") {
        97
    } else {
        47
    };
    matches!(
        error.kind(),
        ErrorKind::AddrNotAvailable | ErrorKind::Unsupported
    ) || error.raw_os_error() == Some(UNKNOWN_FAMILY)
}

fn unavailable(redirect: &LoopbackUri, error: io::Error) -> Error {
    let host = match redirect.host() {
        RedirectHost::Ipv4 => "127.0.0.1",
        RedirectHost::Ipv6 => "[::1]",
        RedirectHost::Localhost => "localhost (127.0.0.1 and [::1])",
    };
    let ports: Vec<_> = redirect.ports().iter().map(u16::to_string).collect();
    let message = match ports.as_slice() {
        [] => format!("No port can be opened on {host}"),
        [port] => format!("Port {port} cannot be opened on {host}"),
        ports => format!(
            "None of the ports {} can be opened on {host}",
            ports.join(", ")
        ),
    };
    let denied = error.kind() == ErrorKind::PermissionDenied;
    let error = Error::new(Code::PortUnavailable, message).with_source(error);
    if denied {
        error.with_hint("The system keeps this port for itself; use one above 1023.")
    } else {
        error
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_computer_without_ipv6_is_told_from_a_taken_port() {
        assert!(is_without_ipv6(&io::Error::from(
            ErrorKind::AddrNotAvailable
        )));
        #[cfg(target_os = "linux")]
        assert!(is_without_ipv6(&io::Error::from_raw_os_error(97)));
        assert!(!is_without_ipv6(&io::Error::from(ErrorKind::AddrInUse)));
        assert!(!is_without_ipv6(&io::Error::from(
            ErrorKind::PermissionDenied
        )));
    }

    #[test]
    fn a_computer_without_ipv6_has_half_a_localhost() {
        let taken = || io::Error::from(ErrorKind::AddrInUse);
        let none = || io::Error::from(ErrorKind::AddrNotAvailable);
        assert_eq!(where_there_is_ipv6(Ok(1)).expect("both"), Some(1));
        assert_eq!(where_there_is_ipv6::<u8>(Err(none())).expect("one"), None);
        let error = where_there_is_ipv6::<u8>(Err(taken())).expect_err("neither");
        assert_eq!(error.kind(), ErrorKind::AddrInUse);
    }

    #[test]
    fn a48_ports_are_tried_until_both_families_have_one() {
        // Fails so often before there is a pair.
        let search = |failures: u16| {
            let mut tried = 0;
            let any = || {
                tried += 1;
                Ok((tried, tried))
            };
            let found = pair(any, |number| {
                if number <= failures {
                    Err(io::Error::from(ErrorKind::AddrInUse))
                } else {
                    Ok(Some(number + 1000))
                }
            });
            (found.ok(), tried)
        };
        assert_eq!(search(0), (Some((vec![1, 1001], 1)), 1));
        assert_eq!(search(32), (Some((vec![33, 1033], 33)), 33));
        assert_eq!(search(33), (None, 33));
    }

    #[test]
    fn a_port_that_the_system_keeps_has_its_own_hint() {
        let error = unavailable(
            &LoopbackUri::default(),
            io::Error::from(ErrorKind::PermissionDenied),
        );
        assert_eq!(error.code(), Code::PortUnavailable);
        assert!(error.hint().contains("1023"), "{}", error.hint());
    }
}
