//! `doorkey login --device`: the code, the address, and the wait for the person.

use std::time::Duration;

use doorkey_core::{DeviceSignIn, Profile, Session};
use url::Url;

use super::{Login, unreachable_demo};
use crate::context::Context;
use crate::exit::Failure;
use crate::interrupt::Interrupt;
use crate::output::{Output, stderr_is_terminal};
use crate::{progress, qr};

impl Login {
    pub(super) async fn with_code(
        &self,
        context: &Context,
        profile: &Profile,
        interrupt: &mut Interrupt,
    ) -> Result<Session, Failure> {
        let doorkey = context.engine().doorkey;
        let mut sign_in = tokio::select! {
            begun = doorkey.begin_device(profile) => begun.map_err(|error| unreachable_demo(error, profile))?,
            () = interrupt.asked() => return Err(Failure::cancelled()),
        };
        if let Some(seconds) = self.timeout {
            sign_in = sign_in.give_up_after(Duration::from_secs(seconds));
        }
        show(&context.output, &sign_in);
        let deadline = sign_in.expires_at();
        let session = tokio::select! {
            session = sign_in.finish() => session?,
            () = interrupt.asked() => return Err(Failure::cancelled()),
            () = progress::count_down(&context.output, deadline) => return Err(Failure::cancelled()),
        };
        context.output.clear_progress();
        Ok(session)
    }
}

/// Puts code and address before the person. The lines are a contract; the picture is for terminals only.
fn show(output: &Output, sign_in: &DeviceSignIn) {
    let address = sign_in.verification_uri();
    output.note(&format!("open: {address}"));
    output.note(&format!("code: {}", sign_in.user_code()));
    if stderr_is_terminal() {
        let whole: &Url = sign_in.verification_uri_complete().unwrap_or(address);
        if let Some(picture) = qr::picture(whole.as_str()) {
            output.picture(&picture);
        }
        output.note("Open the address in any browser, on any device, and type the code.");
    }
    sign_in.shown();
}
