//! What is done about each request.

use doorkey_core::{Code, Error, ProfileName};

use super::seat::Seat;
use super::{Controller, is_listed};
use crate::effects::Effects;
use crate::request::{Message, Reply, Request};
use crate::view::{Problem, UpdateWish};

impl<E: Effects> Controller<E> {
    /// Takes a message. True if it was the last one.
    pub(super) async fn take(&mut self, message: Message) -> bool {
        match message {
            Message::Do(request, reply) => return self.act(request, reply).await,
            Message::Call(call, reply) => self.call(call, reply),
            Message::CopyCurl(call, reply) => self.copy_curl(call, reply),
            Message::ExportFlow(id, reply) => self.export_flow(id, reply),
            Message::Keychain(question, reply) => self.ask_keychain(question, reply),
            Message::TestProfile(form, reply) => self.test_profile(&form, reply),
            Message::ClientSecret(profile, question, reply) => {
                self.ask_client_secret(&profile, question, reply);
            }
            Message::Import(source, reply) => self.import(source, reply),
            Message::ExportProfile(name, reply) => self.export_profile(&name, reply),
            // Whoever asked may be gone.
            Message::Share(name, reply) => drop(reply.send(self.share(&name))),
            Message::Paste(reply) => drop(reply.send(self.paste())),
            Message::Tokens(reply) => drop(reply.send(self.tokens())),
            Message::PastCall(id, reply) => drop(reply.send(self.past_call(id))),
            Message::Flow(id, reply) => drop(reply.send(self.flow(id))),
            Message::ProfileForm(name, reply) => drop(reply.send(self.profile_form(&name))),
        }
        false
    }

    async fn act(&mut self, request: Request, reply: Reply<()>) -> bool {
        let restarts = request == Request::Update(UpdateWish::Restart);
        let quits = request == Request::Quit;
        let taken = match request {
            Request::SelectProfile { profile } => self.select(&profile),
            Request::SignIn { profile, way } => self
                .not_while_closing()
                .and_then(|()| self.sign_in(&profile, way)),
            Request::CancelSignIn { profile } => self.cancel(profile).await,
            Request::OpenAgain => self.open_again(),
            Request::Refresh => self.refresh(),
            Request::SignOut {
                profile,
                end_session,
            } => self.sign_out(profile, end_session),
            Request::RemoveProfile { profile } => self.remove_profile(&profile),
            // These answer when the system has.
            Request::CopyLink => {
                self.copy_link(reply);
                return false;
            }
            Request::CopyProblem(problem) => {
                self.copy_problem(&problem, reply);
                return false;
            }
            Request::SaveProfile { form, replaces } => {
                self.save_profile(&form, replaces, reply);
                return false;
            }
            Request::RevealExport => {
                self.reveal(self.exported.clone(), reply);
                return false;
            }
            Request::Update(UpdateWish::Reveal) => {
                self.reveal(self.updates.saved.clone(), reply);
                return false;
            }
            Request::ChangeSetting(change) => {
                self.change_setting(change, reply);
                return false;
            }
            Request::Update(wish) => self.update(wish),
            request => {
                self.act_at_once(request);
                Ok(())
            }
        };
        self.restarts = restarts && taken.is_ok();
        // Whoever asked may be gone.
        let _ = reply.send(taken);
        quits || self.restarts
    }

    /// What cannot fail.
    fn act_at_once(&mut self, request: Request) {
        match request {
            Request::CancelCall => self.cancel_calls(),
            Request::ForgetCalls => self.forget_calls(),
            Request::Dismiss => {
                self.seat().map(Seat::quiet);
            }
            Request::ShowWindow => self.effects.raise_window(),
            Request::WindowShown => self.window_shown(),
            Request::WindowHidden => self.window_hidden(),
            Request::Tray(there) => self.surroundings.tray = there,
            Request::StrayLink => self.stray_link(),
            _ => {}
        }
    }

    pub(super) fn select(&mut self, profile: &str) -> Result<(), Problem> {
        let name: ProfileName = profile.parse()?;
        self.list();
        if !is_listed(&self.listed, &name) {
            return Err(Error::new(
                Code::ProfileNotFound,
                format!("There is no profile `{name}`"),
            )
            .into());
        }
        if name != self.selected {
            self.selected = name;
            self.settings.profile = Some(profile.to_owned());
            // A choice that cannot be remembered is only forgotten at the end.
            let _ = self.remember();
        }
        Ok(())
    }

    /// The app was started by a link, and the sign-in that it belongs to went with the app that began it.
    fn stray_link(&mut self) {
        if let Some(seat) = self.seat() {
            seat.problem = Some(Problem::new(
                "no_attempt",
                "A link from the browser has opened Doorkey, but no sign-in is waiting for it.",
                "Start the sign-in again, and leave Doorkey open until you are back from the browser.",
            ));
        }
    }
}
