//! `doorkey` as a part of other tools.

use std::{env, fs, os::unix::fs::PermissionsExt as _, path::Path, process::Command};

use doorkey_tests::{
    Error, Result,
    command_line::{CommandLine, ran},
    keychain::Keyring,
    process::Running,
    program,
};
use serde_json::{Value, json};

const PAGE: &str = include_str!("../docs/recipes.md");

/// The block of the page that follows a mark.
fn block(mark: &str) -> Result<&'static str> {
    let (_, rest) = PAGE
        .split_once(&format!("<!-- {mark} -->\n```sh\n"))
        .ok_or_else(|| Error::unexpected("docs/recipes.md", format!("no block {mark}")))?;
    Ok(rest.split("```").next().unwrap_or_default())
}

/// The names of all blocks with such a mark.
fn marked(kind: &str) -> Vec<&'static str> {
    PAGE.lines()
        .filter_map(|line| {
            line.strip_prefix(&format!("<!-- {kind}: "))?
                .strip_suffix(" -->")
        })
        .collect()
}

fn install(folder: &Path, name: &str) -> Result<()> {
    let helper = folder.join(name);
    fs::write(&helper, block(&format!("helper: {name}"))?).map_err(Error::io("write a helper"))?;
    fs::set_permissions(helper, fs::Permissions::from_mode(0o700))
        .map_err(Error::io("make it a program"))
}

#[tokio::test]
async fn every_recipe_of_the_page_works_as_it_stands_there() -> Result<()> {
    let doorkey = CommandLine::start(Keyring::Unlocked).await?;
    let demo = doorkey.demo().await?;
    let login = [
        "login",
        "--profile",
        "work",
        "--client-id",
        "doorkey-desktop",
    ];
    let place = ["--issuer", &demo.place.issuer, "--api", &demo.place.api];
    doorkey.output(&[&login[..], &place].concat()).await?;
    let token = doorkey.output(&["token", "--profile", "work"]).await?;
    let token = token.trim_end();

    let helpers = doorkey.session().home().join("helpers");
    fs::create_dir_all(&helpers).map_err(Error::io("make a folder"))?;
    for name in marked("helper") {
        install(&helpers, name)?;
    }
    let built = program::doorkey()?;
    let mut folders = vec![helpers, built.parent().unwrap_or(Path::new(".")).to_owned()];
    folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    let path = env::join_paths(folders).unwrap_or_default();

    let mut ran_here = Vec::new();
    for name in marked("run") {
        let mut command = Command::new("sh");
        command
            .args(["-e", "-c", block(&format!("run: {name}"))?])
            .envs(doorkey.session().environment())
            .env("PATH", &path)
            .env("API", &demo.place.api);
        let mut running = Running::start(name, command)?;
        drop(running.stdin());
        let ran = ran(&mut running).await?;
        assert_eq!(ran.code, Some(0), "{name}: {}", ran.stderr);
        let expected = match name {
            "header" => format!("Authorization: Bearer {token}\n"),
            "git" => {
                format!("protocol=https\nhost=git.example.com\nusername=oauth2\npassword={token}\n")
            }
            "docker" => format!(
                "{{\"ServerURL\":\"images.example.com\",\"Username\":\"oauth2\",\"Secret\":\"{token}\"}}\n"
            ),
            _ => {
                let me: Value = serde_json::from_str(&ran.stdout).unwrap_or_default();
                assert_eq!(me["name"], "Ada Moreno", "{name}: {}", ran.stdout);
                ran.stdout.clone()
            }
        };
        assert_eq!(ran.stdout, expected, "{name}");
        ran_here.push(name);
    }
    let all = ["header", "curl", "api", "git", "docker", "python", "node"];
    assert_eq!(ran_here, all);
    Ok(())
}

#[tokio::test]
async fn kubectl_gets_an_exec_credential() -> Result<()> {
    let doorkey = CommandLine::start(Keyring::Unlocked).await?;
    let _demo = doorkey.demo().await?;
    let command = ["token", "--exec-credential"];
    let nobody = doorkey.run(&command).await?;
    assert_eq!((nobody.code, nobody.stdout.as_str()), (Some(3), ""));
    doorkey.output(&["login"]).await?;
    let (_, token) = doorkey.json(&["token"]).await?;
    // The shape of client.authentication.k8s.io/v1, member by member.
    let expected = json!({
        "apiVersion": "client.authentication.k8s.io/v1",
        "kind": "ExecCredential",
        "status": { "token": token["token"], "expirationTimestamp": token["expires_at"] },
    });
    assert!(token["expires_at"].is_string());
    let plain = doorkey.output(&command).await?;
    let credential: Value = serde_json::from_str(&plain).unwrap_or_default();
    assert_eq!(credential, expected);
    assert_eq!(doorkey.json(&command).await?, (Some(0), expected));
    Ok(())
}
