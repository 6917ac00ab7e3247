//! `doorkey token` while the token is fresh, beside reading the same item from the keychain.

use std::process::Command;

use doorkey_core::EDITION;
use doorkey_tests::program;

use super::Effort;
use crate::error::{Result, unexpected};
use crate::report::Line;
use crate::sample::Sample;
use crate::surroundings::{PROFILE, Surroundings, beside, time};

pub(crate) async fn measure(effort: Effort) -> Result<Vec<Line>> {
    let surroundings = Surroundings::prepare().await?;
    let mut login = surroundings.command(program::doorkey()?)?;
    login.args(["login", "--profile", PROFILE]);
    time(login).await?;
    let item = item(&surroundings).await?;
    let (mut doorkey, mut bare) = (Sample::default(), Sample::default());
    for round in 0..=effort.tokens {
        let read = time(keychain_read(&surroundings, &item)?).await?;
        let token = time(token(&surroundings)?).await?;
        if round > 0 {
            bare.push_time(read);
            doorkey.push_time(token);
        }
    }
    if surroundings.provider.counts().refreshes > 0 {
        return Err(unexpected("the token was not fresh"));
    }
    let line = Line::above_floor(
        "`doorkey token`, still fresh",
        doorkey.median(),
        "bare keychain read",
        bare.median(),
        doorkey.len(),
    );
    Ok(vec![line.at_most(1.3)])
}

fn token(surroundings: &Surroundings) -> Result<Command> {
    let mut command = surroundings.command(program::doorkey()?)?;
    command.args(["token", "--profile", PROFILE]);
    Ok(command)
}

fn keychain_read(surroundings: &Surroundings, item: &str) -> Result<Command> {
    let mut command = surroundings.command(beside("bare-keychain-read")?)?;
    command.args([EDITION.keychain_service, item]);
    Ok(command)
}

/// The item that holds the session.
async fn item(surroundings: &Surroundings) -> Result<String> {
    let items = surroundings.session.items().await?;
    let names = items
        .iter()
        .filter_map(|item| item.attributes.get("username"));
    let found = names
        .filter(|name| *name == PROFILE || name.ends_with(&format!(":{PROFILE}")))
        .collect::<Vec<_>>();
    match found.as_slice() {
        [name] => Ok((*name).clone()),
        _ => Err(unexpected(format!(
            "the session is not in one item of the keychain: {items:?}"
        ))),
    }
}
