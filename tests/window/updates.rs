//! Newer versions: a real announcement, a real signature, and the real updater, which replaces a real file or leaves it.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt as _,
    path::PathBuf,
};

use doorkey_double::Answer;
use doorkey_tests::{Error, Result, window::Window};
use serde_json::{Value, json};

use crate::{
    desktop::{Desktop, becomes},
    publisher::{Publisher, bundled_as, signed_by_another},
};

/// Where nobody is, in the clear.
const IN_THE_CLEAR: &str = "http://192.0.2.1/program";

/// A desktop with an app that runs from its AppImage.
struct Mounted {
    desktop: Desktop,
    app: PathBuf,
    image: PathBuf,
}

impl Mounted {
    async fn start(publisher: &Publisher) -> Result<Self> {
        let desktop = Desktop::start().await?;
        let mount = desktop.session.home().join("mount");
        let app = bundled_as("APP", &mount.join("usr/bin"))?;
        let image = desktop.session.home().join("Doorkey.AppImage");
        fs::write(&image, "the old one").map_err(Error::io("write the image"))?;
        fs::set_permissions(&image, Permissions::from_mode(0o755))
            .map_err(Error::io("change the image"))?;
        let mut desktop = desktop
            .with_variable("APPDIR", &mount.display().to_string())
            .with_variable("APPIMAGE", &image.display().to_string());
        for (name, value) in publisher.variables()? {
            desktop = desktop.with_variable(&name, &value);
        }
        Ok(Self {
            desktop,
            app,
            image,
        })
    }

    async fn open(&self) -> Result<Window> {
        Window::open(&self.app, &self.desktop.environment()).await
    }

    fn image(&self) -> Result<Vec<u8>> {
        fs::read(&self.image).map_err(Error::io("read the image"))
    }
}

/// Calls a command of the app. What it refuses with is returned as it is.
async fn invoke(window: &Window, command: &str, arguments: Value) -> Result<Value> {
    let script = "const [command, given, done] = arguments; window.__TAURI_INTERNALS__.invoke(command, given).then(done, done)";
    let arguments = vec![json!(command), arguments];
    Ok(window.driver().execute_async(script, arguments).await?)
}

/// What the app tells of updates.
async fn told(window: &Window) -> Result<Value> {
    Ok(invoke(window, "view", json!({})).await?["updates"].take())
}

/// Wants something, and waits until nothing is under way any more.
async fn after(window: &Window, wish: &str) -> Result<Value> {
    let refused = invoke(window, "update", json!({ "wish": wish })).await?;
    assert_eq!(refused, Value::Null, "{wish}");
    becomes("an end of it", || async {
        told(window).await.is_ok_and(|told| {
            let state = told["stands"]["state"].as_str().unwrap_or_default();
            !["looking", "downloading", "installing"].contains(&state)
        })
    })
    .await?;
    told(window).await
}

/// A program, as executable as an AppImage, that says how it is called when it is started without arguments.
fn newer() -> Result<Vec<u8>> {
    fs::read("/usr/bin/sleep").map_err(Error::io("read a program"))
}

#[tokio::test]
async fn a_signed_update_is_installed_when_the_person_agrees_and_starts_when_they_do() -> Result<()>
{
    let publisher = Publisher::start().await?;
    publisher.announce("2.0.0", &newer()?)?;
    let place = Mounted::start(&publisher).await?;
    let window = place.open().await?;
    window.click("sign-in").await?;
    window.element("account-name").await?;
    assert_eq!(
        publisher.server.connections(),
        0,
        "nobody has asked for anything"
    );

    window.click("settings").await?;
    assert_eq!(
        window.text("update-known").await?,
        "Nobody has looked for a newer version yet."
    );
    window.click("update-look").await?;
    window.click("update-install").await?;
    place.desktop.picture("update-question").await?;
    assert_eq!(
        publisher.server.requests().len(),
        1,
        "it asks before it downloads"
    );
    assert_eq!(place.image()?, b"the old one");
    window.click("update-agree").await?;
    window.element("update-restart").await?;
    place.desktop.picture("update-installed").await?;
    assert_eq!(place.image()?, newer()?);
    let kept = fs::metadata(&place.image).map_err(Error::io("look at the image"))?;
    let mode = kept.permissions().mode();
    assert_eq!(mode & 0o777, 0o755);

    // What was sent: what the address has places for, and nothing of the person.
    let requests = publisher.server.requests();
    let version = env!("CARGO_PKG_VERSION");
    let arch = std::env::consts::ARCH;
    assert_eq!(
        requests[0].query,
        format!("version={version}&target=linux&arch={arch}")
    );
    for request in &requests {
        let mut names: Vec<_> = request
            .headers
            .iter()
            .map(|(name, _)| name.to_lowercase())
            .collect();
        names.sort();
        assert_eq!(names, ["accept", "host", "user-agent"]);
        assert_eq!(request.header("user-agent"), Some("doorkey"));
    }

    // The app may be gone before the driver has answered.
    let _ = window.click("update-restart").await;
    let started = format!("{}: missing operand", place.image.display());
    becomes("that the new one runs", || async {
        window.output().contains(&started)
    })
    .await
}

#[tokio::test]
async fn what_is_hostile_is_refused_with_its_code_and_the_program_stays() -> Result<()> {
    let publisher = Publisher::start().await?;
    let place = Mounted::start(&publisher).await?;
    let window = place.open().await?;
    let program = newer()?;
    let good = publisher.sign(&program, Some("2.0.0"))?;
    let announced = publisher.announcement("2.0.0", &good);
    let elsewhere = |url: &str| {
        let mut announced = announced.clone();
        for platform in announced["platforms"]
            .as_object_mut()
            .into_iter()
            .flat_map(|all| all.values_mut())
        {
            platform["url"] = json!(url);
        }
        Answer::json(&announced)
    };
    let page = Answer::bytes("application/json", "<html>sign in to the network</html>");
    let other = Answer::json(&json!({ "version": "2.0.0", "platforms": {} }));
    let wrong = Answer::json(&json!({ "version": 2, "platforms": [] }));
    let nested = Answer::bytes("application/json", "[".repeat(100_000));
    let endless = Answer::bytes("application/json", " ".repeat(4096)).endless();
    let long = Answer::json(&publisher.announcement(&format!("2.0.0-{}", "a".repeat(64)), &good));
    for (case, announcement, code) in [
        ("nothing there", Answer::status(404), "update_invalid"),
        ("a page", page, "update_invalid"),
        ("another type", wrong, "update_invalid"),
        ("nested without an end", nested, "update_invalid"),
        ("without an end", endless, "update_invalid"),
        ("none for this computer", other, "update_invalid"),
        ("a version like a book", long, "update_invalid"),
        ("broken", Answer::status(503), "unavailable"),
        ("lost", Answer::lost(), "network_lost"),
        (
            "sent on in the clear",
            Answer::redirect(302, IN_THE_CLEAR),
            "insecure_endpoint",
        ),
        (
            "sent on in a circle",
            Answer::redirect(302, "/newest"),
            "insecure_endpoint",
        ),
        (
            "offered in the clear",
            elsewhere(IN_THE_CLEAR),
            "insecure_endpoint",
        ),
        (
            "offered from a file",
            elsewhere("file:///bin/true"),
            "insecure_endpoint",
        ),
    ] {
        publisher.answer(announcement, Answer::status(404));
        let told = after(&window, "look").await?;
        assert_eq!(told["problem"]["code"], code, "{case}: {told}");
        assert!(
            told["problem"]["hint"]
                .as_str()
                .is_some_and(|hint| hint.ends_with('.')),
            "{case}: {told}"
        );
        assert_eq!(told["release"], Value::Null, "{case}");
    }
    let current = env!("CARGO_PKG_VERSION");
    for older in ["0.0.9", current] {
        publisher.announce(older, &program)?;
        let told = after(&window, "look").await?;
        assert_eq!(told["stands"]["state"], "newest", "{older}: {told}");
    }

    let whole = Answer::bytes("application/octet-stream", program.clone());
    let text = b"#!/bin/sh\n".as_slice();
    let signed = |signature: Result<String>| -> Result<Answer> {
        Ok(Answer::json(&publisher.announcement("2.0.0", &signature?)))
    };
    for (case, announcement, program, code) in [
        (
            "another key",
            signed(signed_by_another(&program, "2.0.0"))?,
            whole.clone(),
            "update_untrusted",
        ),
        (
            "another program",
            signed(publisher.sign(text, Some("2.0.0")))?,
            whole.clone(),
            "update_untrusted",
        ),
        (
            "an older one",
            signed(publisher.sign(&program, Some("0.0.9")))?,
            whole.clone(),
            "update_untrusted",
        ),
        (
            "no version",
            signed(publisher.sign(&program, None))?,
            whole.clone(),
            "update_untrusted",
        ),
        (
            "no signature",
            signed(Ok("x".to_owned()))?,
            whole.clone(),
            "update_untrusted",
        ),
        (
            "cut off",
            signed(Ok(good.clone()))?,
            whole.clone().cut_after(1_000),
            "network_lost",
        ),
        (
            "shorter",
            signed(Ok(good.clone()))?,
            Answer::bytes("x/y", &program[..1_000]),
            "update_untrusted",
        ),
        (
            "too large",
            signed(Ok(good.clone()))?,
            whole.clone().header("Content-Length", "300000000"),
            "response_too_large",
        ),
        (
            "not there",
            signed(Ok(good.clone()))?,
            Answer::status(404),
            "unavailable",
        ),
        (
            "sent on in the clear",
            signed(Ok(good.clone()))?,
            Answer::redirect(302, IN_THE_CLEAR),
            "insecure_endpoint",
        ),
        (
            "no AppImage",
            signed(publisher.sign(text, Some("2.0.0")))?,
            Answer::bytes("x/y", text),
            "update_failed",
        ),
    ] {
        publisher.answer(announcement, program);
        let told = after(&window, "look").await?;
        assert_eq!(told["stands"]["state"], "found", "{case}: {told}");
        assert_eq!(
            told["release"],
            json!({ "version": "2.0.0", "notes": "Faster." })
        );
        let told = after(&window, "install").await?;
        assert_eq!(told["problem"]["code"], code, "{case}: {told}");
        assert_eq!(place.image()?, b"the old one", "{case}");
        invoke(&window, "update", json!({ "wish": "cancel" })).await?;
    }

    // The page itself has no way to the updater.
    for command in ["check", "download", "install", "download_and_install"] {
        let refused = invoke(&window, &format!("plugin:updater|{command}"), json!({})).await?;
        assert!(
            refused
                .as_str()
                .is_some_and(|refused| refused.contains("not allowed")),
            "{command}: {refused}"
        );
    }
    let mut publisher = publisher;
    publisher.server.stop().await;
    let told = after(&window, "look").await?;
    assert_eq!(told["problem"]["code"], "offline", "{told}");
    window.close().await
}

#[tokio::test]
async fn a_package_is_verified_and_saved_and_nobody_is_asked_for_a_password() -> Result<()> {
    let publisher = Publisher::start().await?;
    let package = b"!<arch>\ndebian-binary".as_slice();
    publisher.announce("2.0.0", package)?;
    let mut desktop = Desktop::start().await?;
    let home = desktop.session.home().to_owned();
    let app = bundled_as("DEB", &home.join("bundle"))?;
    // Whatever would install it as root leaves a mark instead.
    let programs = home.join("programs");
    fs::create_dir_all(&programs).map_err(Error::io("make a folder"))?;
    for name in ["pkexec", "sudo", "zenity", "kdialog", "dpkg"] {
        let path = programs.join(name);
        let text = format!("#!/bin/sh\ntouch {}\n", home.join("asked").display());
        fs::write(&path, text).map_err(Error::io("write a program"))?;
        fs::set_permissions(&path, Permissions::from_mode(0o755))
            .map_err(Error::io("change a program"))?;
    }
    let path = std::env::var("PATH").unwrap_or_default();
    desktop = desktop.with_variable("PATH", &format!("{}:{path}", programs.display()));
    for (name, value) in publisher.variables()? {
        desktop = desktop.with_variable(&name, &value);
    }
    let window = Window::open(&app, &desktop.environment()).await?;
    after(&window, "look").await?;
    window.click("update-install").await?;
    window.click("update-agree").await?;
    let file = format!("doorkey-2.0.0-{}.deb", std::env::consts::ARCH);
    assert!(window.text("update-file").await?.contains(&file));
    desktop.picture("update-saved").await?;
    let saved = [home.join(&file), home.join("Downloads").join(&file)];
    let saved = saved.iter().find_map(|path| fs::read(path).ok());
    assert_eq!(saved.as_deref(), Some(package));
    assert!(!home.join("asked").exists());
    window.close().await
}

#[tokio::test]
async fn a_build_without_a_key_has_nothing_of_updates() -> Result<()> {
    let desktop = Desktop::start().await?;
    let window = desktop.open().await?;
    assert_eq!(told(&window).await?, Value::Null);
    window.click("settings").await?;
    window.element("settings-version").await?;
    let sections = window
        .driver()
        .find_all(fantoccini::Locator::Css("[data-testid=settings-updates]"));
    assert!(sections.await?.is_empty());
    window.close().await
}
