"""An OAuth 2.0 / OpenID Connect client on Python's standard library. Start reading in session.py."""
