//! A provider, an API, a browser of raw bytes, a host that must stay silent, a keychain and a clock: for tests of what real
//! parts do not do. For tests only; nothing that is shipped depends on it, and it knows nothing of Doorkey.
//!
//! Everything does what is right until it is told otherwise. [`Provider`] answers by its own rules, [`Server`] by a
//! function; what was asked of them is kept as [`Request`]s.
//!
//! | what is bent | with |
//! |---|---|
//! | any answer of an endpoint: after what was asked is done, or in place of it; always or once | [`Provider::bend`], [`Provider::bend_once`]; [`Provider::replace`], [`Provider::replace_once`] |
//! | status, headers, body bytes, members of JSON | [`Answer::with_status`], [`Answer::header`], [`Answer::with_body`], [`Answer::with_members`] |
//! | delay before the answer and within its body, by time or until a test has seen it | [`Answer::after`], [`Answer::dripping`]; [`Answer::held`], [`Answer::held_within`] with a [`Gate`] |
//! | an end after n bytes, no end, no answer | [`Answer::cut_after`], [`Answer::endless`], [`Answer::lost`] |
//! | content encodings, and bodies that unpack to much more | [`Answer::encoded`] after [`Answer::padded`] |
//! | redirects, and where they lead | [`Answer::redirect`] to a [`Recorder`], which must stay silent |
//! | certificates; a server whose TLS is too old | [`Certificate::with`] a [`Flaw`]; [`Server::start_old_tls`] |
//! | HTTP/2 frames without an end | [`Server::start_flood`] with a [`Flood`] |
//! | issuer and everything else in the metadata | [`Provider::metadata`] |
//! | `state`, `code`, `iss` and every other parameter of an authorization response | [`Provider::agree`], then the [`Callback`]'s own methods |
//! | every token field | [`Provider::bend`] with [`Answer::with_members`]; [`Provider::set_lifetime`] |
//! | every header and claim of an ID token; the signed text | [`Provider::header`], [`Provider::claims`]; [`Provider::id_token`] |
//! | key rotation before and after signing; a key that nobody has | [`Provider::rotate_key`], [`Provider::rotate_key_after_signing`]; [`Provider::sign_with_unpublished_key`] |
//! | refresh tokens: none new, a window for the old, the end of the family, an answer lost after the new one was made | [`Provider::keep_refresh_tokens`], [`Provider::reuse`]; [`Provider::bend_once`] with [`Answer::lost`] |
//! | PKCE that is not looked at | [`Provider::ignore_pkce`] |
//! | revocation: the grant, the token alone, in name only; all at once | [`Provider::revocation`]; [`Provider::revoke_everything`] |
//! | the end of the provider's session | [`Endpoint::EndSession`], bent as any other |
//! | an API's challenges, echoes, redirects and bodies without an end | [`Answer::challenge`], [`Answer::echo`], [`Answer::redirect`], [`Answer::endless`] at [`Endpoint::Api`] |
//!
//! | beside it | with |
//! |---|---|
//! | a browser of raw bytes | [`Callback::send`] as a navigation, [`Callback::send_bytes`] as anything, [`Callback::connect`] |
//! | a keychain: locked, denied, absent, slow, hanging, too small, corrupt, failing at the n-th change | [`Keychain`] |
//! | clocks under control | [`HandClock`] |
//! | a proxy beyond the proxy, that keeps what passes by | [`Relay`], which leads to a [`Provider::start_remote`] |
//! | kill points | [`Provider::brink`] at a [`KillPoint`] |
//!
//! A second process, and the real keychain, browser and window, are parts of `doorkey-tests`.

mod answer;
mod callback;
mod certificate;
mod clock;
mod delivery;
mod encoding;
mod flood;
mod gate;
mod keychain;
mod keys;
mod old_tls;
mod provider;
mod recorder;
mod relay;
mod request;
mod server;

pub use answer::Answer;
pub use callback::{Callback, Page};
pub use certificate::{Certificate, Flaw, REMOTE};
pub use clock::HandClock;
pub use encoding::Encoding;
pub use flood::Flood;
pub use gate::Gate;
pub use keychain::{Fault, Keychain};
pub use provider::{Brink, CLIENT, Endpoint, KillPoint, Provider, Reuse, Revocation, SUBJECT};
pub use recorder::Recorder;
pub use relay::Relay;
pub use request::Request;
pub use server::Server;
