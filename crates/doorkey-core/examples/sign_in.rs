//! Signs in with the system's browser and asks an API who that was.
//!
//! Usage: `sign_in ISSUER CLIENT_ID API`

#![expect(clippy::print_stdout, reason = "it has something to say")]

use doorkey_core::{ApiRequest, Doorkey, ProfileSource, Result, SystemBrowser};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let argument = |index| std::env::args().nth(index).unwrap_or_default();
    let profile = ProfileSource::new(&argument(1), &argument(2))
        .api(&argument(3))
        .build(&"example".parse()?)?;

    let session = Doorkey::in_memory()
        .build()
        .sign_in(&profile, &SystemBrowser)
        .await?;
    println!("Signed in as {}", session.info().account.display_name());

    let answer = session.call(ApiRequest::get("/api/me")).await?;
    println!("{} {}", answer.status, answer.text());
    Ok(())
}
