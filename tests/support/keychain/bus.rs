//! A bus that starts nothing by itself.

use std::{fs, path::Path};

use futures_util::StreamExt as _;
use zbus::{Connection, fdo::DBusProxy, names::BusName};

use crate::{
    Error, Result,
    process::{READY, Running},
};

/// The configuration of a session bus that listens in `runtime` and starts only `services`.
///
/// The usual one starts a keychain as soon as somebody asks for one, so that none could be absent.
pub(super) fn configuration(runtime: &Path, services: &Path) -> String {
    format!(
        r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir={}</listen>
  <servicedir>{}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#,
        runtime.display(),
        services.display()
    )
}

/// Fills the folder of services that the bus may start: on a display, the keychain's prompt.
pub(super) fn write_services(folder: &Path, prompt: bool) -> Result<()> {
    fs::create_dir(folder).map_err(Error::io("make the bus's folder of services"))?;
    if prompt {
        let name = "org.gnome.keyring.SystemPrompter.service";
        let installed = Path::new("/usr/share/dbus-1/services").join(name);
        fs::copy(&installed, folder.join(name))
            .map_err(Error::io(format!("copy {}", installed.display())))?;
    }
    Ok(())
}

/// Waits until somebody owns a name on a bus.
///
/// # Errors
///
/// If nobody does in time.
pub async fn name_appears(
    connection: &Connection,
    name: &'static str,
    owner: &Running,
) -> Result<()> {
    let bus = DBusProxy::new(connection).await?;
    // Listening before asking: the name cannot slip in between.
    let mut changes = bus
        .receive_name_owner_changed_with_args(&[(0, name)])
        .await?;
    if bus
        .name_has_owner(BusName::from_static_str(name).map_err(zbus::Error::from)?)
        .await?
    {
        return Ok(());
    }
    match tokio::time::timeout(READY, changes.next()).await {
        Ok(Some(_)) => Ok(()),
        Ok(None) | Err(_) => Err(owner.late(name, READY)),
    }
}
