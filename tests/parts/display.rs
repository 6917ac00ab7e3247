use std::fs;

use doorkey_tests::{
    Result,
    display::Display,
    process::{READY, Running},
};

use crate::{command, run};

#[tokio::test]
async fn displays_stand_side_by_side_and_have_a_window_manager() -> Result<()> {
    let (one, other) = tokio::try_join!(Display::start(), Display::start())?;
    assert_ne!(one.name(), other.name());
    for display in [&one, &other] {
        let information = run(command("xdpyinfo", &[]), &display.environment()).await?;
        assert!(information.contains("1280x900"), "{information}");
        let property = command("xprop", &["-root", "_NET_SUPPORTING_WM_CHECK"]);
        assert!(
            run(property, &display.environment())
                .await?
                .contains("window id #")
        );
    }
    Ok(())
}

#[tokio::test]
async fn takes_a_picture_of_what_is_shown() -> Result<()> {
    let display = Display::start().await?;
    let folder = tempfile::tempdir().map_err(doorkey_tests::Error::io("make a folder"))?;
    let path = folder.path().join("red.png");
    let mut paint = command(
        "display",
        &["-window", "root", "-size", "1280x900", "xc:red"],
    );
    paint.envs(display.environment());
    // It paints, and then exits with 1.
    Running::start("display", paint)?.exit(READY).await?;
    display.screenshot(&path).await?;
    let png = fs::read(&path).map_err(doorkey_tests::Error::io("read the picture"))?;
    assert!(png.starts_with(b"\x89PNG"));
    let pixel = command(
        "identify",
        &[
            "-format",
            "%wx%h %[pixel:p{640,450}]",
            &path.display().to_string(),
        ],
    );
    assert_eq!(run(pixel, &[]).await?, "1280x900 srgb(255,0,0)");
    Ok(())
}
