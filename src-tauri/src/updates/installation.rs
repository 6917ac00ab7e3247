//! How this copy of the app came here, and so what can be done to put a newer one in its place.

use std::ffi::OsStr;
use std::path::Path;

use tauri::AppHandle;
use tauri::utils::config::BundleType;
use tauri::utils::platform::bundle_type;

use crate::view::UpdateMethod;

/// What the installer of this copy was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Installation {
    /// A file that replaces itself.
    AppImage,
    /// A folder that is replaced.
    MacApp,
    /// A program of its own, which replaces what runs no more.
    WindowsInstaller,
    /// The package manager, which alone knows what belongs to whom. Doorkey asks nobody for the password that
    /// installing takes, and runs nothing as root: it gives the person the verified package.
    Package(Package),
    /// Nobody: it was built here, or a shop of the system's looks after it.
    Nobody,
}

/// The form of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Package {
    Deb,
    Rpm,
}

impl Package {
    /// How its files end, which is also its name in an announcement.
    pub(super) fn ending(self) -> &'static str {
        match self {
            Self::Deb => "deb",
            Self::Rpm => "rpm",
        }
    }
}

impl Installation {
    /// How the running copy came here.
    pub(super) fn of(app: &AppHandle) -> Self {
        #[cfg(target_os = "linux")]
        let (image, mounted) = {
            use tauri::Manager as _;

            let env = app.env();
            (env.appimage, env.appdir)
        };
        #[cfg(not(target_os = "linux"))]
        let (image, mounted): (Option<std::ffi::OsString>, Option<std::ffi::OsString>) = {
            let _ = app;
            (None, None)
        };
        let program = tauri::utils::platform::current_exe().unwrap_or_default();
        let own_image = image.is_some() && is_within(&program, mounted.as_deref());
        let in_shop = ["SNAP", "FLATPAK_ID"]
            .iter()
            .any(|name| std::env::var_os(name).is_some());
        // On macOS, Tauri takes every program for a bundled one.
        let bundle = bundle_type().filter(|_| !cfg!(target_os = "macos") || is_in_app(&program));
        Self::told_by(bundle, own_image, in_shop)
    }

    /// The bundler writes into each program what it is bundled as. Variables alone say nothing: a terminal that is an
    /// AppImage leaves its own to all that is started in it.
    fn told_by(bundle: Option<BundleType>, own_image: bool, in_shop: bool) -> Self {
        match bundle {
            _ if in_shop => Self::Nobody,
            Some(BundleType::Deb) => Self::Package(Package::Deb),
            Some(BundleType::Rpm) => Self::Package(Package::Rpm),
            Some(BundleType::AppImage) if own_image => Self::AppImage,
            Some(BundleType::App | BundleType::Dmg) => Self::MacApp,
            Some(BundleType::Nsis | BundleType::Msi) => Self::WindowsInstaller,
            _ => Self::Nobody,
        }
    }

    /// What installing means here.
    pub(super) fn method(self) -> UpdateMethod {
        match self {
            Self::AppImage | Self::MacApp => UpdateMethod::InPlace,
            Self::WindowsInstaller => UpdateMethod::Closes,
            Self::Package(_) => UpdateMethod::Package,
            Self::Nobody => UpdateMethod::Elsewhere,
        }
    }
}

fn is_within(program: &Path, folder: Option<&OsStr>) -> bool {
    folder.is_some_and(|folder| !folder.is_empty() && program.starts_with(folder))
}

/// Whether a program lies where macOS keeps programs: in `NAME.app/Contents/MacOS`.
fn is_in_app(program: &Path) -> bool {
    let folders = program.ancestors().skip(1);
    let names: Vec<_> = folders.filter_map(Path::file_name).take(3).collect();
    match names[..] {
        [last, middle, app] => {
            last == "MacOS"
                && middle == "Contents"
                && Path::new(app).extension() == Some(OsStr::new("app"))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_installer_has_its_way() {
        let method =
            |bundle, own_image, in_shop| Installation::told_by(bundle, own_image, in_shop).method();
        for (bundle, expected) in [
            (BundleType::AppImage, UpdateMethod::InPlace),
            (BundleType::App, UpdateMethod::InPlace),
            (BundleType::Nsis, UpdateMethod::Closes),
            (BundleType::Deb, UpdateMethod::Package),
            (BundleType::Rpm, UpdateMethod::Package),
        ] {
            assert_eq!(method(Some(bundle.clone()), true, false), expected);
            assert_eq!(method(Some(bundle), true, true), UpdateMethod::Elsewhere);
        }
        assert_eq!(method(None, false, false), UpdateMethod::Elsewhere);
    }

    #[test]
    fn a_mac_app_is_known_by_where_it_lies() {
        assert!(is_in_app(Path::new(
            "/Applications/Doorkey.app/Contents/MacOS/doorkey-desktop"
        )));
        for elsewhere in [
            "/Users/ada/doorkey/target/debug/doorkey-desktop",
            "/Applications/Doorkey/Contents/MacOS/doorkey-desktop",
            "/Contents/MacOS/doorkey-desktop",
        ] {
            assert!(!is_in_app(Path::new(elsewhere)), "{elsewhere}");
        }
    }

    #[test]
    fn the_appimage_of_another_program_is_never_replaced() {
        // What was built here, in a terminal that is an AppImage; and a copy that was taken out of its own.
        assert_eq!(
            Installation::told_by(None, true, false),
            Installation::Nobody
        );
        assert_eq!(
            Installation::told_by(Some(BundleType::AppImage), false, false),
            Installation::Nobody
        );
        let program = Path::new("/tmp/.mount_Doorkey/usr/bin/doorkey-desktop");
        assert!(is_within(program, Some(OsStr::new("/tmp/.mount_Doorkey"))));
        assert!(!is_within(program, Some(OsStr::new("/tmp/.mount_Door"))));
        assert!(!is_within(program, Some(OsStr::new(""))));
        assert!(!is_within(program, None));
    }
}
