//! Whether there is a display that answers: a variable alone may be a leftover.

/// Whether a window can be opened.
#[cfg(not(target_os = "linux"))]
pub(crate) fn answers() -> bool {
    true
}

/// Whether a window can be opened.
#[cfg(target_os = "linux")]
pub(crate) fn answers() -> bool {
    use std::env::var;

    let wayland = var("WAYLAND_DISPLAY").is_ok_and(|name| linux::wayland(&name));
    wayland || var("DISPLAY").is_ok_and(|name| linux::x(&name))
}

#[cfg(target_os = "linux")]
mod linux {
    use std::{
        env,
        net::TcpStream,
        os::{
            linux::net::SocketAddrExt,
            unix::net::{SocketAddr, UnixStream},
        },
        path::Path,
    };

    /// A socket in the runtime folder, unless the name is a whole path.
    pub(super) fn wayland(name: &str) -> bool {
        let folder = env::var("XDG_RUNTIME_DIR").unwrap_or_default();
        !name.is_empty() && UnixStream::connect(Path::new(&folder).join(name)).is_ok()
    }

    /// `:1` and `:1.0` are on this machine, `host:1` is reached over the network.
    pub(super) fn x(name: &str) -> bool {
        let Some((host, number)) = name.rsplit_once(':') else {
            return false;
        };
        let Ok(number) = number.split('.').next().unwrap_or_default().parse::<u16>() else {
            return false;
        };
        if !host.is_empty() && host != "unix" {
            return TcpStream::connect((host, 6000 + number)).is_ok();
        }
        let path = format!("/tmp/.X11-unix/X{number}");
        let hidden = SocketAddr::from_abstract_name(&path)
            .and_then(|address| UnixStream::connect_addr(&address));
        hidden.is_ok() || UnixStream::connect(&path).is_ok()
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn what_does_not_answer_is_no_display() {
            for name in ["", ":", ":65000", "x", ":x", "localhost:59535"] {
                assert!(!x(name), "{name}");
            }
            assert!(!wayland(""));
            assert!(!wayland("/nowhere/wayland-0"));
        }

        #[test]
        fn a_socket_that_answers_is_one() {
            let folder = tempfile::tempdir().ok();
            let path = folder
                .as_ref()
                .map(|folder| folder.path().join("wayland-7"))
                .unwrap_or_default();
            let listener = std::os::unix::net::UnixListener::bind(&path);
            assert!(listener.is_ok() && wayland(&path.to_string_lossy()));
        }
    }
}
