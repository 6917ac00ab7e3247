//! Why an update is not taken: each with a code, a sentence and a hint. The program stays as it is.

use doorkey_core::Code;
use tauri_plugin_updater::Error;

use super::connection;
use crate::problem::sentence;
use crate::view::Problem;

/// What the address answered announces no version that this computer can use.
pub(super) fn invalid(host: &str, why: &str) -> Problem {
    Problem::new(
        "update_invalid",
        format!("{host} announces no version that Doorkey can read: {why}."),
        "Nothing was changed. Try again later. If it happens again, tell whoever publishes this Doorkey.",
    )
}

/// The program is larger than any release.
pub(super) fn too_large(host: &str, cap: u64) -> Problem {
    Problem::new(
        Code::ResponseTooLarge.as_str(),
        format!("What {host} sends is larger than {} MB.", cap / 1_000_000),
        "Nothing was changed. Tell whoever publishes this Doorkey.",
    )
}

/// It took too long as a whole.
pub(super) fn late(host: &str) -> Problem {
    Problem::new(
        Code::NetworkTimeout.as_str(),
        format!("The download from {host} took too long."),
        Code::NetworkTimeout.hint(),
    )
}

/// What the plugin says, in Doorkey's words.
pub(super) fn problem(host: &str, error: Error) -> Problem {
    match error {
        Error::Reqwest(error) => connection::problem(host, error),
        Error::Network(status) => Problem::new(
            Code::Unavailable.as_str(),
            format!("{host} does not give the program: {}", sentence(&status)),
            Code::Unavailable.hint(),
        ),
        Error::Minisign(_) | Error::Base64(_) | Error::SignatureUtf8(_) => untrusted(
            "What was downloaded is not signed with the key that this Doorkey trusts, or is not whole.",
        ),
        Error::SignedVersionMismatch { .. } | Error::MissingSignedVersion => {
            untrusted("What was downloaded is signed for another version than the announced one.")
        }
        Error::TargetNotFound(_) | Error::TargetsNotFound(_) => Problem::new(
            "update_invalid",
            format!("{host} has a newer version, but none for this computer."),
            "Look again later.",
        ),
        Error::Serialization(_)
        | Error::Semver(_)
        | Error::UrlParse(_)
        | Error::ReleaseNotFound => invalid(host, "it is not an announcement"),
        error => not_installed(&error.to_string()),
    }
}

/// Nothing was run: the signature says that it must not be.
fn untrusted(what: &str) -> Problem {
    Problem::new(
        "update_untrusted",
        what,
        "It was thrown away, and nothing was changed. Try again; if it happens again, do not install it from elsewhere, and tell whoever publishes this Doorkey.",
    )
}

/// The system did not take it.
pub(super) fn not_installed(why: &str) -> Problem {
    Problem::new(
        "update_failed",
        format!("The update could not be installed: {}", sentence(why)),
        "Doorkey stays as it was. See that you may write where it is installed and that the disk is not full, then try again.",
    )
}
