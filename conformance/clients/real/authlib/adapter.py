#!/usr/bin/env python3
"""Authlib's OAuth2Session (https://docs.authlib.org/en/latest/client/oauth2.html) behind the adapter protocol.

What its documentation leaves to the application is done here and is not the library's: reading the issuer's metadata,
keeping the verifier, the nonce and the session between two calls. It has no store, no listener, no retries, and its
OAuth2Session does not look into ID tokens.
"""
import json
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2]))
from kit import ClientError, Kit  # noqa: E402

kit = Kit()
kit.patch_time()

import authlib  # noqa: E402  (its clock must be the kit's)
import requests  # noqa: E402
from authlib.common.security import generate_token  # noqa: E402
from authlib.integrations.base_client import InvalidTokenError, MissingTokenError, OAuthError  # noqa: E402
from authlib.integrations.requests_client import OAuth2Session  # noqa: E402
from authlib.oauth2.rfc7523 import PrivateKeyJWT  # noqa: E402

TIMEOUT = 30  # seconds; the library sets none
config, metadata, pending = {}, {}, {}
session = None


def configure(args):
    global session
    for kept in (config, metadata, pending):
        kept.clear()
    config.update(args)
    method = args["client_auth"]["method"]
    key = args["client_auth"].get("private_key")
    session = OAuth2Session(
        args["client_id"], key or args["client_auth"].get("secret"), token_endpoint_auth_method=method,
        revocation_endpoint_auth_method=method, scope=" ".join(args.get("scopes") or []) or None,
        redirect_uri=args.get("redirect_uri"), code_challenge_method="S256", default_timeout=TIMEOUT,
        **({"grant_type": "client_credentials"} if args["flow"] == "client_credentials" else {}))
    if method == "private_key_jwt":
        session.register_client_auth_method(PrivateKeyJWT())


def endpoint(name):
    """The application's part: OAuth2Session is told its endpoints, it does not look for them."""
    if not metadata:
        url = config["issuer"].rstrip("/") + "/.well-known/openid-configuration"
        reply = requests.get(url, timeout=TIMEOUT)
        reply.raise_for_status()
        document = reply.json()
        if document.get("issuer") != config["issuer"]:
            raise ClientError("config", "the metadata is another issuer's")
        metadata.update(document)
        session.metadata["token_endpoint"] = document["token_endpoint"]
    if name not in metadata:
        raise ClientError("config", f"the issuer has no {name}")
    return metadata[name]


def result(token):
    return {"access_token": token.get("access_token"), "expires_at": token.get("expires_at")}


def audience():
    return {"audience": config["audience"]} if config.get("audience") else {}


def authorization_url(args):
    pending.update(code_verifier=generate_token(48), nonce=generate_token(20))
    extra = {"nonce": pending["nonce"]} if "openid" in (config.get("scopes") or []) else {}
    url, pending["state"] = session.create_authorization_url(
        endpoint("authorization_endpoint"), code_verifier=pending["code_verifier"], **extra, **audience())
    return {"url": url}


def callback(args):
    return result(session.fetch_token(authorization_response=args["url"], state=pending["state"],
                                      code_verifier=pending["code_verifier"]))


def first_token():
    endpoint("token_endpoint")
    if config["flow"] == "client_credentials":
        return session.fetch_token(grant_type="client_credentials", **audience())
    if config["flow"] == "password":
        return session.fetch_token(username=config["username"], password=config["password"], **audience())
    raise ClientError("no_credentials", "nobody has logged in")


def get_access_token(args):
    if not session.token:
        return result(first_token())
    endpoint("token_endpoint")
    if not session.ensure_active_token():  # where it is false, OAuth2Session.request() raises this
        raise InvalidTokenError()
    if "access_token" not in session.token:
        raise ClientError("other", "the library thinks that it has a token, and has none")
    return result(session.token)


def refresh(args):
    if not session.token:
        raise ClientError("no_credentials", "nobody has logged in")
    endpoint("token_endpoint")
    return result(session.refresh_token())


def request(args):
    return {"status": session.request(args.get("method", "GET"), args.get("url") or endpoint("userinfo_endpoint")).status_code}


def userinfo(args):
    reply = session.get(endpoint("userinfo_endpoint"))
    reply.raise_for_status()
    return reply.json()


def introspect(args):
    reply = session.introspect_token(endpoint("introspection_endpoint"), token=args["token"]).json()
    if not reply.get("active"):
        raise ClientError("validation", "the token is not active")
    return reply


def revoke(args):
    session.revoke_token(endpoint("revocation_endpoint"), token=args.get("token")).raise_for_status()


def storage_seed(args):
    """OAuth2Session(token=…): the application hands over what it kept."""
    credential = {name: value for name, value in args["credential"].items() if not name.startswith("_")}
    if args["credential"].get("_exp"):
        credential["expires_at"] = args["credential"]["_exp"]
    session.token = credential


def told(operation):
    """The library's exceptions in the words of the protocol."""
    def run(args):
        try:
            return operation(args)
        except (MissingTokenError, InvalidTokenError) as error:
            raise ClientError("reauth_required", str(error)) from error
        except OAuthError as error:
            kind = {"invalid_grant": "reauth_required", "access_denied": "denied"}.get(error.error, "other")
            raise ClientError(kind, str(error), oauth_error=error.error) from error
        except requests.HTTPError as error:
            status = error.response.status_code
            raise ClientError("server_error" if status >= 500 else "other", str(error), http_status=status) from error
        except requests.exceptions.SSLError as error:
            raise ClientError("tls", str(error)) from error
        except (requests.ConnectionError, requests.Timeout) as error:
            raise ClientError("network", str(error)) from error
        except (json.JSONDecodeError, requests.JSONDecodeError) as error:
            raise ClientError("protocol", str(error)) from error
    return run


OPERATIONS = (configure, authorization_url, callback, get_access_token, refresh, request, userinfo, introspect, revoke,
              storage_seed)
kit.serve({operation.__name__: told(operation) for operation in OPERATIONS}, name="authlib", version=authlib.__version__,
          flows=["code", "client_credentials", "password"],
          # In the body first: the header is only right for secrets without special characters, and then little could be judged.
          auth_methods=["none", "client_secret_post", "client_secret_basic", "private_key_jwt"],
          policy={"refresh": {"before": 60}, "retries": "caller", "redirect": "callback"}, books=[], capabilities=[])
