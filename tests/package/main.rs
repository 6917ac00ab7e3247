//! The Linux package as a person uses it: in a root that has nothing but what the package asks for.
//!
//! `cargo xtask package` makes package and root, and runs these tests in namespaces of their own, where nothing stays
//! mounted or running. A display comes from this machine; bus, keychain and everything else from the root.

mod install;
mod layers;
mod links;
mod removal;
mod root;
mod scene;
mod screen_reader;
mod sign_in;
mod upgrade;
