#!/usr/bin/env python3
"""planet_auth (https://planet-auth.readthedocs.io) behind the adapter protocol: its Auth context on a token file.

The whole of it is the library's: discovery, flows, listener, store, renewal, validation. It is judged by its own book, too,
which holds what it documents; where its implementation does otherwise, that is a finding.
"""
import importlib.metadata
import json
import pathlib
import socket
import sys
import warnings

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2]))
from kit import ClientError, Kit, Unsupported  # noqa: E402

kit = Kit()
kit.patch_time()
kit.patch_browser()

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import planet_auth  # noqa: E402  (its clock must be the kit's)
import jwt  # noqa: E402
import requests  # noqa: E402
from planet_auth.oidc.api_clients.api_client import OidcApiClientException  # noqa: E402
from planet_auth.oidc.token_validator import (ExpiredTokenException, InvalidAlgorithmTokenException,  # noqa: E402
                                              UnknownSigningKeyTokenException)

# A secret goes into the form of client_credentials and into the header of every other flow; only the first can be
# chosen for all scenarios, so the other one is not offered.
CLIENT_TYPES = {"code": {"none": "oidc_auth_code", "private_key_jwt": "oidc_auth_code_pubkey"},
                "device": {"none": "oidc_device_code", "private_key_jwt": "oidc_device_code_pubkey"},
                "client_credentials": {"client_secret_post": "oidc_client_credentials_secret",
                                       "private_key_jwt": "oidc_client_credentials_pubkey"},
                "password": {"none": "oidc_resource_owner", "private_key_jwt": "oidc_resource_owner_pubkey"}}
config, begun = {}, {}
auth = None


def with_port(redirect_uri):
    """The library listens where it is told to; the run leaves the port open."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return redirect_uri.replace(":0/", f":{probe.getsockname()[1]}/")


def configure(args):
    global auth
    config.clear()
    config.update(args)
    method, flow = args["client_auth"]["method"], args["flow"]
    if method not in CLIENT_TYPES[flow]:
        raise Unsupported(f"planet_auth has no client with the flow {flow} and {method}")
    extra = {"client_secret": args["client_auth"].get("secret"), "client_privkey": args["client_auth"].get("private_key"),
             "username": args.get("username"), "password": args.get("password")}
    if args.get("audience"):
        extra["audiences"] = [args["audience"]]
    if flow == "code":
        extra["redirect_uri"] = with_port(args.get("redirect_uri") or "http://127.0.0.1:0/callback")
    auth = planet_auth.Auth.initialize_from_config_dict(
        client_config={"client_type": CLIENT_TYPES[flow][method], "auth_server": args["issuer"], "client_id": args["client_id"],
                       "scopes": args.get("scopes"), **{name: value for name, value in extra.items() if value}},
        token_file=token_file())


def token_file():
    return pathlib.Path(config["storage_dir"]) / "token.json"


def result(credential):
    return {"access_token": credential.access_token(), "expires_at": credential.expiry_time()}


def login(args):
    if config["flow"] == "device":  # its own login() prints the code to a terminal, and insists on one
        kit.prompt(f"enter {device_initiate(args)['user_code']}")
        return device_complete(args)
    return result(auth.login(allow_open_browser=True, allow_tty_prompt=False))


def device_initiate(args):
    begun.clear()
    begun.update(auth.device_login_initiate())
    return dict(begun)


def device_complete(args):
    return result(auth.device_login_complete(dict(begun)))


def get_access_token(args):
    """What it would send: the Authorization header of a request that it authenticates."""
    prepared = requests.Request("GET", config["issuer"], auth=auth.request_authenticator()).prepare()
    header = prepared.headers.get("Authorization", "")
    if not header.startswith("Bearer ") or header == "Bearer None":
        raise ClientError("no_credentials", "the library has no token to send")
    return {"access_token": header.removeprefix("Bearer ")}


def refresh(args):
    stored = auth.request_authenticator().credential()
    renewed = auth.auth_client().refresh(stored.refresh_token())
    auth.request_authenticator().update_credential_data(renewed.data())
    return result(renewed)


def ensure_ready(args):
    auth.ensure_request_authenticator_is_ready(allow_open_browser=bool(args.get("interactive")), allow_tty_prompt=False)


def request(args):
    url = args.get("url") or auth.auth_client().oidc_discovery()["userinfo_endpoint"]
    return {"status": requests.request(args.get("method", "GET"), url, auth=auth.request_authenticator(), timeout=30).status_code}


def userinfo(args):
    return auth.auth_client().userinfo_from_access_token(get_access_token({})["access_token"])


def validate(args):
    if args.get("kind") == "id":
        return auth.auth_client().validate_id_token_local(args["token"])
    return auth.auth_client().validate_access_token_local(args["token"])


def introspect(args):
    return auth.auth_client().validate_access_token_remote(args["token"])


def revoke(args):
    auth.auth_client().revoke_access_token(args.get("token") or get_access_token({})["access_token"])


def storage_seed(args):
    planet_auth.FileBackedOidcCredential(data=dict(args["credential"]), credential_file=token_file()).save()


REASONS = [(ExpiredTokenException, "exp"), (InvalidAlgorithmTokenException, "alg"), (UnknownSigningKeyTokenException, "kid")]


def told(operation):
    """The library's exceptions in the words of the protocol. It types only some of them: no typed_errors."""
    def run(args):
        try:
            return operation(args)
        except planet_auth.InvalidTokenException as error:
            reason = next((name for kind, name in REASONS if isinstance(error, kind)), None)
            raise ClientError("validation", str(error), **({"reason": reason} if reason else {})) from error
        except jwt.PyJWTError as error:
            raise ClientError("validation", str(error)) from error
        except OidcApiClientException as error:
            kind = {"invalid_grant": "reauth_required", "access_denied": "denied", "expired_token": "expired"}
            raise ClientError(kind.get(error.error_code, "other"), str(error), oauth_error=error.error_code) from error
        except requests.exceptions.SSLError as error:
            raise ClientError("tls", str(error)) from error
        except requests.RequestException as error:
            raise ClientError("network", str(error)) from error
        except (planet_auth.AuthException, json.JSONDecodeError) as error:
            raise ClientError("other", str(error)) from error
    return run


OPERATIONS = (configure, login, device_initiate, device_complete, get_access_token, refresh, ensure_ready, request, userinfo,
              validate, introspect, revoke, storage_seed)
kit.serve({operation.__name__: told(operation) for operation in OPERATIONS}, name="planet_auth",
          version=importlib.metadata.version("planet-auth"), flows=list(CLIENT_TYPES),
          auth_methods=["none", "client_secret_post", "private_key_jwt"],
          capabilities=["storage", "openid"], books=["planet_auth"],
          policy={"refresh": {"ratio": 0.75}, "retries": "in_call", "redirect": "listener",
                  "keys": {"cooldown": 300}})
