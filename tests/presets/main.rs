//! Each preset from end to end: the command line, a real keychain, a scripted browser, and the embedded provider with the
//! personality of that name.

mod adfs;
mod auth0;
mod entra;
mod flyte;
mod github;
mod google;
mod google_cloud;
mod keycloak;
mod oauth2;
mod oidc;
mod okta;
mod passport;
mod place;
