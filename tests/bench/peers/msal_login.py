"""A sign-in from the command line with msal, as its documentation shows it.

    python3 msal_login.py ISSUER CLIENT-ID

$BROWSER names the browser.
"""

import sys
from urllib.parse import urlparse

import msal
from msal import authority, token_cache


def accept_loopback(url):
    """msal takes https only; the provider for trying things out speaks http, on loopback only."""
    parsed = urlparse(url)
    return parsed, parsed.hostname, parsed.path.strip("/")


authority.canonicalize = token_cache.canonicalize = accept_loopback

issuer, client_id = sys.argv[1:]
app = msal.PublicClientApplication(client_id, oidc_authority=issuer)
# msal adds openid, profile and offline_access itself.
tokens = app.acquire_token_interactive(scopes=["email"])
if "access_token" not in tokens:
    sys.exit(f"{tokens.get('error')}: {tokens.get('error_description')}")
print(
    f"signed in as {tokens['id_token_claims']['sub']}, "
    f"with an access token of {len(tokens['access_token'])} bytes"
)
