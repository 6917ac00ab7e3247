//! The account as the window shows it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doorkey_core::{Account, Picture};

use crate::view::AccountView;

/// The account of a session. An account without a name stays without one.
pub(crate) fn view(account: &Account, picture: Option<&str>) -> AccountView {
    let name = [
        account.name(),
        account.username(),
        account.email(),
        account.subject(),
    ];
    AccountView {
        name: name
            .into_iter()
            .flatten()
            .next()
            .unwrap_or_default()
            .to_owned(),
        email: account.email().map(str::to_owned),
        subject: account.subject().map(str::to_owned),
        initials: account.initials(),
        picture: picture.map(str::to_owned),
    }
}

/// A picture as a `data:` address: the window may load nothing from elsewhere.
pub(crate) fn data_url(picture: &Picture) -> String {
    format!(
        "data:{};base64,{}",
        picture.media_type,
        STANDARD.encode(&picture.bytes)
    )
}
