-- Whether the access tokens of a grant are for the API, or for the userinfo endpoint only.
ALTER TABLE authorization_grant ADD COLUMN api_access INTEGER NOT NULL DEFAULT 1;
