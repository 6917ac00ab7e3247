//! The real app: a real window, a real keychain, a real tray, and a scripted person in the browser.

mod desktop;
mod page;
mod session;
mod surroundings;
