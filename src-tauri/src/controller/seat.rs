//! One profile's place in the app: how its session stands, and what there is to say about it.

use std::path::Path;
use std::time::SystemTime;

use doorkey_core::{Doorkey, Profile, ProfileName, Session, Storage};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::waiting::Waiting;
use super::ways::Offer;
use crate::account;
use crate::calls::Calls;
use crate::flow::{Flows, milliseconds};
use crate::view::{
    AccountView, KeychainView, Problem, ProfileStands, ProfileView, SessionView, SignOutReport,
};

#[derive(Debug)]
pub(super) struct Seat {
    /// Its own, so that its observer knows whose steps it sees.
    pub(super) engine: Doorkey,
    /// The profile as it was when it was read last; none if its file cannot be used.
    pub(super) profile: Option<Profile>,
    /// Whether its provider offers a sign-in with a code.
    pub(super) offers_code: Offer,
    /// Counts up with each new stage that has tasks of its own.
    pub(super) epoch: u64,
    pub(super) stage: Stage,
    pub(super) problem: Option<Problem>,
    pub(super) report: Option<SignOutReport>,
    pub(super) keychain: KeychainView,
    pub(super) flows: Flows,
    pub(super) calls: Calls,
    /// Whose calls these are: the subject of whoever was signed in last.
    pub(super) person: Option<String>,
    /// Counts up when the tokens are others than before.
    pub(super) token_generation: u32,
}

#[derive(Debug)]
pub(super) enum Stage {
    /// The keychain was not asked yet.
    Unasked,
    Restoring,
    /// The keychain is locked: whether somebody is signed in is not known.
    Locked,
    SignedOut,
    Waiting(Waiting),
    /// The answer is being exchanged. It is not broken off in the middle, or tokens would be left over.
    Exchanging(CancellationToken),
    /// Cancelled too late: the session is signed out as soon as it is there.
    GivingUp,
    SignedIn(Box<Living>),
    SigningOut,
    Expired {
        account: AccountView,
        at: SystemTime,
        reason: String,
    },
}

#[derive(Debug)]
pub(super) struct Living {
    pub(super) session: Session,
    pub(super) picture: Option<String>,
    pub(super) can_end_session: bool,
    pub(super) refreshing: bool,
    pub(super) syncing: bool,
    /// Something has changed while the kept session was being looked at.
    pub(super) sync_again: bool,
    /// Breaks off the calls that run. Each batch that is cancelled has had its own.
    pub(super) calls: CancellationToken,
    /// A keychain that would not answer is left alone until then: it may ask the person each time.
    pub(super) sync_after: Option<Instant>,
    /// Passes the session's changes on.
    pub(super) _follower: AbortOnDropHandle<()>,
}

impl Seat {
    pub(super) fn new(engine: Doorkey, config: &Path, name: &ProfileName) -> Self {
        Self {
            engine,
            profile: None,
            offers_code: Offer::Unasked,
            epoch: 0,
            stage: Stage::Unasked,
            problem: None,
            report: None,
            keychain: KeychainView::Unknown,
            flows: Flows::load(config, name),
            calls: Calls::load(config, name),
            person: None,
            token_generation: 0,
        }
    }

    /// Takes the profile as its file says now. What was known of another provider is not known of this one.
    pub(super) fn read(&mut self, profile: Profile) {
        if self.profile.as_ref() != Some(&profile) {
            self.offers_code = Offer::Unasked;
            self.profile = Some(profile);
        }
    }

    /// Enters a stage; what tasks of earlier ones tell is out of date from now on.
    pub(super) fn enter(&mut self, stage: Stage) {
        self.epoch += 1;
        self.token_generation += 1;
        self.stage = stage;
    }

    /// Forgets what was said before, because something new starts.
    pub(super) fn quiet(&mut self) {
        self.problem = None;
        self.report = None;
    }

    /// Stops a sign-in that is under way.
    pub(super) fn break_off(&self) {
        match &self.stage {
            Stage::Waiting(waiting) => waiting.cancel.cancel(),
            Stage::Exchanging(cancel) => cancel.cancel(),
            _ => {}
        }
    }

    pub(super) fn living(&mut self) -> Option<&mut Living> {
        match &mut self.stage {
            Stage::SignedIn(living) => Some(living),
            _ => None,
        }
    }

    pub(super) fn session(&self) -> SessionView {
        match &self.stage {
            Stage::SignedOut => SessionView::SignedOut,
            Stage::Unasked | Stage::Restoring | Stage::Locked => SessionView::Restoring,
            Stage::Waiting(waiting) => waiting.view(),
            Stage::Exchanging(_) => SessionView::Exchanging,
            Stage::SignedIn(living) => living.view(),
            Stage::GivingUp | Stage::SigningOut => SessionView::SigningOut,
            Stage::Expired {
                account,
                at,
                reason,
            } => SessionView::Expired {
                account: account.clone(),
                at: milliseconds(*at),
                reason: reason.clone(),
            },
        }
    }

    /// The profile with how it stands.
    pub(super) fn stands(&self, mut profile: ProfileView) -> ProfileView {
        profile.stands = match &self.stage {
            Stage::Unasked | Stage::Locked => ProfileStands::Unknown,
            Stage::Restoring => ProfileStands::Restoring,
            Stage::SignedOut => match &self.problem {
                Some(problem) if problem.code != "cancelled" => ProfileStands::Failed,
                _ => ProfileStands::SignedOut,
            },
            Stage::Waiting(waiting) => waiting.stands(),
            Stage::Exchanging(_) => ProfileStands::Exchanging,
            Stage::SignedIn(_) => ProfileStands::SignedIn,
            Stage::GivingUp | Stage::SigningOut => ProfileStands::SigningOut,
            Stage::Expired { .. } => ProfileStands::Expired,
        };
        profile.offers_code |= self.offers_code == Offer::Known(true);
        profile.account = match &self.stage {
            Stage::SignedIn(living) => Some(living.account().name),
            Stage::Expired { account, .. } => Some(account.name.clone()),
            _ => None,
        };
        profile
    }

    pub(super) fn keychain(&self) -> KeychainView {
        match &self.stage {
            Stage::SignedIn(living) => living.keychain(),
            _ => self.keychain.clone(),
        }
    }
}

impl Living {
    pub(super) fn account(&self) -> AccountView {
        account::view(&self.session.info().account, self.picture.as_deref())
    }

    /// When the session is over, if it cannot be renewed.
    pub(super) fn ends_at(&self) -> Option<SystemTime> {
        let info = self.session.info();
        info.expires_at.filter(|_| !info.refreshable)
    }

    fn view(&self) -> SessionView {
        let info = self.session.info();
        SessionView::SignedIn {
            account: account::view(&info.account, self.picture.as_deref()),
            fresh_until: info.expires_at.map(milliseconds),
            refreshable: info.refreshable,
            refreshing: self.refreshing,
            scopes: info.scopes,
            not_granted: info.not_granted,
            can_end_session: self.can_end_session,
        }
    }

    pub(super) fn keychain(&self) -> KeychainView {
        match self.session.info().storage {
            Storage::Keychain => KeychainView::Keychain,
            Storage::Memory { reason } => KeychainView::MemoryOnly {
                reason: reason
                    .unwrap_or_else(|| "This Doorkey was started to keep nothing.".to_owned()),
            },
        }
    }
}
