"""The clients that the peers' libraries are."""

PLAIN = "a-secret-without-special-characters"
# authlib, oauthlib and globus-sdk put a secret into the Authorization header as it is. Only for one that the form
# encoding leaves alone is that what RFC 6749 section 2.3.1 says, and the issuer insists on it.
CLIENTS = [
    {"id": "app", "auth": "none", "redirect_uris": ["http://127.0.0.1/callback", "http://localhost/callback"]},
    {"id": "service", "auth": "client_secret_basic", "secret": PLAIN,
     "grants": ["authorization_code", "refresh_token", "client_credentials", "password"],
     "redirect_uris": ["http://127.0.0.1/callback"]},
    {"id": "service-post", "auth": "client_secret_post", "secret": "s3cr3t:/%é+", "grants": ["client_credentials"]},
]
