//! The real app: a real window, a real keychain, a real tray, and a scripted person in the browser.

mod commands;
mod deep_link;
mod desktop;
mod hidden;
mod hostile_links;
mod large;
mod navigation;
mod page;
mod profiles;
mod publisher;
mod session;
mod settings;
mod surroundings;
mod transfer;
mod updates;
mod ways;
