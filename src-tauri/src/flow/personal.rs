//! Which fields of a step say something about a person.

/// Names of claims and parameters that identify a person or say something about one
/// ([OpenID Connect Core §5.1](https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims)).
const PERSONAL: [&str; 29] = [
    "account",
    "address",
    "birthdate",
    "domain_hint",
    "email",
    "email_verified",
    "family_name",
    "gender",
    "given_name",
    "id_token_hint",
    "locale",
    "login_hint",
    "logout_hint",
    "middle_name",
    "name",
    "nickname",
    "oid",
    "phone_number",
    "phone_number_verified",
    "picture",
    "preferred_username",
    "sub",
    "subject",
    "upn",
    "user",
    "username",
    "user_id",
    "website",
    "zoneinfo",
];

/// Whether a field of this name says something about a person.
pub(super) fn is_personal(name: &str) -> bool {
    PERSONAL
        .iter()
        .any(|personal| name.eq_ignore_ascii_case(personal))
}
