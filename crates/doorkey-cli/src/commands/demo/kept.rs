//! The profile that leads to the demo, and what its client has to know. What a person has changed in it otherwise stays.

use doorkey_core::{
    ClientSecret, Code, DEMO, FormFault, Preset, Profile, ProfileName, ProfileSource, Profiles,
};
use doorkey_idp::{DEMO_CLIENT_ID, DEMO_SCOPES, Personality, Running};
use toml::Table;

use super::fields;
use crate::context::Context;
use crate::exit::Failure;

/// The profile `demo`.
pub(super) fn built_in(profiles: &Profiles, running: &Running) -> Result<Profile, Failure> {
    let name: ProfileName = DEMO.parse()?;
    if let Ok(profile) = profiles.load(&name)
        && leads_to(&profile, running)
    {
        return Ok(profile);
    }
    if profiles.path(&name).exists() {
        profiles.remove(&name)?;
        let built_in = profiles.load(&name)?;
        if leads_to(&built_in, running) {
            return Ok(built_in);
        }
    }
    let profile = ProfileSource::new(running.issuer(), DEMO_CLIENT_ID)
        .scopes(DEMO_SCOPES.split_whitespace())
        .api(running.api())
        .build(&name)?;
    profiles.save(&profile)?;
    Ok(profile)
}

fn leads_to(profile: &Profile, running: &Running) -> bool {
    profile
        .issuer()
        .is_some_and(|issuer| issuer.as_str() == running.issuer())
        && profile.client_id() == DEMO_CLIENT_ID
        && profile
            .api()
            .iter()
            .any(|api| api.as_str().trim_end_matches('/') == running.api())
}

/// The profile of a personality, made from the preset of the same id.
pub(super) fn of_preset(
    profiles: &Profiles,
    personality: &Personality,
    running: &Running,
) -> Result<Profile, Failure> {
    let name: ProfileName = format!("{DEMO}-{}", personality.id).parse()?;
    let preset = Preset::named(personality.id).ok_or_else(|| {
        Failure::new(
            Code::Internal,
            format!("There is no preset {}", personality.id),
        )
    })?;
    let profile = preset
        .fill(&name, &fields::of(personality, running))
        .map_err(FormFault::into_named)?;
    match profiles.load(&name) {
        Ok(kept) if server_of(&kept) == server_of(&profile) => Ok(kept),
        _ => {
            profiles.save(&profile)?;
            Ok(profile)
        }
    }
}

/// What a profile says of server, client and API.
fn server_of(profile: &Profile) -> Table {
    let mut table: Table = profile.to_toml().parse().unwrap_or_default();
    let names = ["issuer", "endpoints", "client_settings", "client_id", "api"];
    table.retain(|name, _| names.contains(&name));
    table
}

/// Keeps the client secret of a personality where sign-ins look for it. It is printed in the source of the demo, so it may
/// be told as well.
pub(super) async fn secret(context: &Context, profile: &Profile, personality: &Personality) {
    let Some(secret) = personality.client.client_secret else {
        return;
    };
    let doorkey = context.engine().doorkey;
    let kept = doorkey.set_client_secret(profile, ClientSecret::new(secret));
    if let Err(error) = kept.await {
        context.output.note(&format!(
            "The client secret, {secret}, could not be kept: {}. {}",
            error.message(),
            error.hint()
        ));
    }
}
