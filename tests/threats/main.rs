//! Two tables in `docs/` that are made from code: which tests show which threat, and what each error code means.
//!
//! They are committed, and a test fails when one is not what it should be. This writes them:
//! `WRITE_DOCS=1 cargo test -p doorkey-tests --test threats`.

#![expect(clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod errors;
mod named;
mod section;
mod threats;
