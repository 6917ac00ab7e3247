"""An app with an icon in the tray, made with the library that Tauri uses."""

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("AyatanaAppIndicator3", "0.1")
from gi.repository import AyatanaAppIndicator3, GLib, Gtk


def add(menu, label, sensitive=True):
    entry = Gtk.MenuItem.new_with_mnemonic(label)
    entry.set_sensitive(sensitive)
    entry.connect("activate", lambda entry: print("pressed", entry.get_label().replace('_', ''), flush=True))
    menu.append(entry)
    return entry


menu = Gtk.Menu()
add(menu, "Signed in as ada__moreno", sensitive=False)
log_out = add(menu, "_Log out")
log_out.connect("activate", lambda entry: GLib.idle_add(entry.set_label, "Sign in"))
menu.append(Gtk.SeparatorMenuItem())
tick = Gtk.CheckMenuItem(label="Start with the desktop", active=True)
menu.append(tick)
parent = add(menu, "Profiles")
below = Gtk.Menu()
add(below, "demo")
parent.set_submenu(below)
menu.show_all()

indicator = AyatanaAppIndicator3.Indicator.new("doorkey-test", "dialog-password", AyatanaAppIndicator3.IndicatorCategory.OTHER)
indicator.set_title("Doorkey test")
indicator.set_status(AyatanaAppIndicator3.IndicatorStatus.ACTIVE)
indicator.set_menu(menu)
Gtk.main()
