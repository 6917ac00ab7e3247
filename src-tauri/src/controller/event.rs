//! What tasks tell the controller.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use doorkey_core::{Error, KeychainState, PasteHandle, Profile, ProfileName, Session, Step};
use tokio::sync::mpsc;
use url::Url;

use super::updates::Told;
use super::waiting::Issued;
use crate::view::{ApiAnswer, ApiCall, BrowserView, Problem, SignOutReport};

/// Something happened.
#[derive(Debug)]
pub(super) enum Event {
    /// To a profile's seat.
    AtSeat {
        profile: ProfileName,
        /// The seat's epoch when the task began. What comes from an earlier one is out of date.
        epoch: u64,
        what: Happening,
    },
    /// A locked keychain was looked at.
    KeychainSeen(KeychainState),
    /// What surrounds the app was found out.
    Surroundings {
        browsers: Vec<BrowserView>,
        start_at_login: Option<bool>,
    },
    /// Starting at login was arranged, or could not be.
    StartsAtLogin(Option<bool>),
    /// A call of the API has ended.
    Called {
        profile: ProfileName,
        at: SystemTime,
        took: Duration,
        call: ApiCall,
        outcome: Result<ApiAnswer, Problem>,
    },
    /// A flow was written to a file.
    Exported(PathBuf),
    /// Something has become of an update.
    Update {
        /// Whose task tells it. What an earlier one tells is out of date.
        turn: u64,
        told: Told,
    },
    /// A profile was saved, or could not be.
    ProfileSaved {
        profile: Box<Profile>,
        replaced: Option<ProfileName>,
        saved: bool,
    },
    /// A profile was removed, or could not be.
    ProfileRemoved {
        profile: ProfileName,
        removed: Result<(), Problem>,
    },
}

#[derive(Debug)]
pub(super) enum Happening {
    /// The engine told a step.
    Step(Step),
    /// The provider had to move for this sign-in.
    Moved(Problem),
    /// The sign-in listens; the browser was opened, or could not be.
    Asked {
        link: Url,
        paste: PasteHandle,
        deadline: SystemTime,
        opened: bool,
    },
    /// The provider has issued a code to type.
    CodeIssued(Box<Issued>),
    /// The link was opened once more, or could not be.
    OpenedAgain(bool),
    /// The answer has arrived.
    Answered,
    /// The sign-in is complete.
    SignedIn(Session),
    /// The sign-in failed.
    SignInFailed(Problem),
    /// A cancelled sign-in is over, and nothing of it is left.
    GaveUp,
    /// The keychain answered at the first look.
    Restored(Result<Option<Session>, Error>),
    /// A later look found a session that somebody else began.
    Found(Session),
    /// Whether the provider of the profile, as it was then, offers a sign-in with a code.
    OffersCode(Box<Profile>, bool),
    /// What is known of the session may have changed.
    Changed,
    /// Whether the provider has a session of its own that can be ended.
    CanEndSession(bool),
    /// The person's picture, as a `data:` address.
    Pictured(String),
    /// The kept session was looked at.
    Synced(Result<(), Error>),
    /// A refresh has ended.
    Refreshed(Result<(), Error>),
    /// The provider no longer accepts the session, for this reason.
    Ended(String),
    /// A sign-out has ended.
    SignedOut(SignOutReport),
}

/// Tells the controller, on behalf of one seat and epoch.
#[derive(Clone, Debug)]
pub(super) struct Teller {
    pub(super) profile: ProfileName,
    pub(super) epoch: u64,
    pub(super) events: mpsc::UnboundedSender<Event>,
}

impl Teller {
    pub(super) fn tell(&self, what: Happening) {
        // Nobody listens any more once the app is quitting.
        let _ = self.events.send(Event::AtSeat {
            profile: self.profile.clone(),
            epoch: self.epoch,
            what,
        });
    }
}
