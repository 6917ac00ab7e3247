-- Times are milliseconds since the Unix epoch. Secrets of browsers and refresh
-- tokens are kept as SHA-256 hashes. There is no table of challenges or codes:
-- a code carries its own facts, sealed, and only its id is kept once used.

CREATE TABLE client (
    id   TEXT PRIMARY KEY,
    name TEXT NOT NULL
) STRICT;

CREATE TABLE client_uri (
    client_id TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
    purpose   TEXT NOT NULL CHECK (purpose IN ('sign_in', 'sign_out')),
    uri       TEXT NOT NULL,
    PRIMARY KEY (client_id, purpose, uri)
) STRICT, WITHOUT ROWID;

CREATE TABLE user (
    id          TEXT PRIMARY KEY,
    username    TEXT NOT NULL,
    name        TEXT NOT NULL,
    given_name  TEXT NOT NULL,
    family_name TEXT NOT NULL,
    email       TEXT NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE browser_session (
    secret_hash      BLOB PRIMARY KEY,
    role             TEXT NOT NULL CHECK (role IN ('broker', 'upstream')),
    user_id          TEXT NOT NULL,
    authenticated_at INTEGER NOT NULL,
    expires_at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE consent (
    user_id    TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    client_id  TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
    scope      TEXT NOT NULL,
    given_at   INTEGER NOT NULL,
    PRIMARY KEY (user_id, client_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE authorization_grant (
    id               TEXT PRIMARY KEY,
    client_id        TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
    user_id          TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    scope            TEXT NOT NULL,
    authenticated_at INTEGER NOT NULL,
    created_at       INTEGER NOT NULL,
    ended_at         INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE used_code (
    id         TEXT PRIMARY KEY,
    grant_id   TEXT NOT NULL REFERENCES authorization_grant (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX used_code_by_expiry ON used_code (expires_at);

CREATE TABLE refresh_token (
    hash       BLOB PRIMARY KEY,
    grant_id   TEXT NOT NULL REFERENCES authorization_grant (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE signing_key (
    kid        TEXT PRIMARY KEY,
    role       TEXT NOT NULL CHECK (role IN ('broker', 'upstream')),
    pkcs8      BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    retired_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE sealing_key (
    role TEXT PRIMARY KEY,
    key  BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE execution (
    id         TEXT PRIMARY KEY,
    user_id    TEXT NOT NULL,
    project    TEXT NOT NULL,
    workflow   TEXT NOT NULL,
    inputs     TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX execution_by_user ON execution (user_id, created_at);
