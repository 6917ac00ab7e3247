//! What a crash would leave behind.

/// Asks the system not to write this process's memory to a file when it crashes: there are tokens in it.
///
/// Programs that it starts inherit the wish. On Windows nothing happens: there the installer says, once and for all, that no
/// crash of Doorkey is reported.
pub fn forbid_core_dumps() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let none = Rlimit {
            current: Some(0),
            maximum: getrlimit(Resource::Core).maximum,
        };
        if let Err(error) = setrlimit(Resource::Core, none) {
            tracing::debug!(%error, "core dumps could not be forbidden");
        }
    }
}
