#!/usr/bin/env python3
"""globus-sdk (https://globus-sdk-python.readthedocs.io) behind the adapter protocol: its login clients, its local server
for the login, a RefreshTokenAuthorizer that saves into a JSONTokenStorage (the documentation's "Using RefreshTokens").

It only knows Globus Auth. Two things are mapped so that another issuer can be its server: the three paths that it has
in its code are those of the issuer's metadata, and a token response that names no `resource_server` is given one.
"""
import json
import os
import pathlib
import sys
import time
import webbrowser

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2]))
from kit import ClientError, Kit, Unsupported  # noqa: E402

kit = Kit()
kit.patch_time()

import globus_sdk  # noqa: E402  (its clock must be the kit's)
import requests  # noqa: E402
from globus_sdk.gare import GlobusAuthorizationParameters  # noqa: E402
from globus_sdk.login_flows import LocalServerLoginError, LocalServerLoginFlowManager  # noqa: E402
from globus_sdk.token_storage import JSONTokenStorage, TokenStorageData  # noqa: E402

SERVER = "assay"  # the resource server, where the reply names none
PATHS = {"/v2/oauth2/token": "token_endpoint", "/v2/oauth2/token/revoke": "revocation_endpoint",
         "/v2/oauth2/token/introspect": "introspection_endpoint", "/v2/oauth2/userinfo": "userinfo_endpoint"}
config, metadata = {}, {}
client = storage = authorizer = None


def endpoint(name):
    if not metadata:
        metadata.update(client.get_openid_configuration().data)
        if config["flow"] == "client_credentials" and metadata["issuer"] != config["issuer"]:
            metadata.clear()  # a service account reads no metadata: whoever trusted these would be this adapter
            raise ClientError("config", "these are another issuer's metadata")
    if name not in metadata:
        raise ClientError("config", f"the issuer has no {name}")
    return metadata[name]


class Mapped:
    """The paths of Globus Auth, at the issuer."""

    def request(self, method, path, **options):
        return super().request(method, endpoint(PATHS[path]) if path in PATHS else path, **options)


class Native(Mapped, globus_sdk.NativeAppAuthClient):
    pass


class Confidential(Mapped, globus_sdk.ConfidentialAppAuthClient):
    pass


class Api(Mapped, globus_sdk.AuthClient):
    pass


class AsGlobus(requests.adapters.HTTPAdapter):
    """What Globus Auth adds to a token response, and other servers don't."""

    def build_response(self, request, raw):
        reply = super().build_response(request, raw)
        try:
            body = reply.json()
        except ValueError:
            return reply
        if isinstance(body, dict) and "access_token" in body:
            reply._content = json.dumps({"resource_server": SERVER, "other_tokens": [], **body}).encode()
        return reply


class Browser(webbrowser.BaseBrowser):
    def open(self, url, new=0, autoraise=True):
        ours = url.replace(client.base_url.rstrip("/") + "/v2/oauth2/authorize", endpoint("authorization_endpoint"))
        kit.open_url(ours, wait=False)
        return True


def configure(args):
    global client, storage, authorizer
    config.clear()
    config.update(args)
    metadata.clear()
    authorizer = None
    os.environ["GLOBUS_SDK_SERVICE_URL_AUTH"] = args["issuer"].rstrip("/") + "/"
    os.environ["GLOBUS_SDK_VERIFY_SSL"] = args.get("ca_file") or "true"
    service = args["flow"] == "client_credentials"
    if service != (args["client_auth"]["method"] == "client_secret_basic"):
        raise Unsupported("a native app has no secret, a service account has one and sends it as Basic")
    client = (Confidential(args["client_id"], args["client_auth"]["secret"]) if service else Native(args["client_id"]))
    client.transport.session.mount("https://", AsGlobus())
    client.transport.session.mount("http://", AsGlobus())
    storage = JSONTokenStorage(pathlib.Path(args["storage_dir"]) / "tokens.json")


def token():
    """The one that is stored; Globus Auth gives one for each resource server, other issuers one for all."""
    return next(iter(storage.get_token_data_by_resource_server().values()), None)


def authorize():
    """The authorizer of the documentation's examples: told the stored tokens, and where to store new ones."""
    global authorizer
    if authorizer is not None:
        return authorizer
    stored = token()
    known = {"access_token": stored.access_token, "expires_at": stored.expires_at_seconds} if stored else {}
    if config["flow"] == "client_credentials":
        authorizer = globus_sdk.ClientCredentialsAuthorizer(client, config["scopes"], **known,
                                                            on_refresh=storage.store_token_response)
    elif stored is None:
        raise ClientError("no_credentials", "nobody has logged in")
    elif stored.refresh_token is None:
        authorizer = globus_sdk.AccessTokenAuthorizer(stored.access_token)
    else:
        authorizer = globus_sdk.RefreshTokenAuthorizer(stored.refresh_token, client, **known,
                                                       on_refresh=storage.store_token_response)
    return authorizer


def held():
    return {"access_token": authorizer.access_token}


def login(args):
    global authorizer
    flow = LocalServerLoginFlowManager(client, request_refresh_tokens=True, server_address=("127.0.0.1", 0))
    storage.store_token_response(flow.run_login_flow(
        GlobusAuthorizationParameters(required_scopes=config["scopes"])))
    authorizer = None
    authorize()
    return held()


def get_access_token(args):
    if not isinstance(authorize(), globus_sdk.AccessTokenAuthorizer):
        authorizer.ensure_valid_token()
    elif token().expires_at_seconds <= time.time():
        raise ClientError("reauth_required", "there is no refresh token")
    return held()


def refresh(args):
    if token() is None or token().refresh_token is None:
        raise ClientError("reauth_required", "there is no refresh token")
    response = client.oauth2_refresh_token(token().refresh_token)
    storage.store_token_response(response)
    return {"access_token": response["access_token"]}


def api():
    return Api(authorizer=authorize())


def request(args):
    try:
        return {"status": api().request(args.get("method", "GET"), args.get("url") or "/v2/oauth2/userinfo").http_status}
    except globus_sdk.GlobusAPIError as error:
        return {"status": error.http_status}


def userinfo(args):
    return dict(api().userinfo().data)


def introspect(args):
    reply = client.oauth2_token_introspect(args["token"])
    if not reply["active"]:
        raise ClientError("validation", "the token is not active")
    return dict(reply.data)


def revoke(args):
    client.oauth2_revoke_token(args.get("token") or token().access_token)


def storage_seed(args):
    given = args["credential"]
    storage.store_token_data_by_resource_server({SERVER: TokenStorageData(
        resource_server=SERVER, identity_id=None, scope=given.get("scope", ""), access_token=given.get("access_token", ""),
        refresh_token=given.get("refresh_token"), expires_at_seconds=given.get("_exp") or 0, token_type=given.get("token_type"))})


def told(operation):
    """The library's exceptions in the words of the protocol."""
    def run(args):
        try:
            return operation(args)
        except globus_sdk.GlobusAPIError as error:
            oauth_error = (error.raw_json or {}).get("error") if isinstance(error.raw_json, dict) else None
            kind = "reauth_required" if oauth_error == "invalid_grant" else "server_error" if error.http_status >= 500 else "other"
            raise ClientError(kind, str(error), http_status=error.http_status, oauth_error=oauth_error) from error
        except globus_sdk.NetworkError as error:
            raise ClientError("network", str(error)) from error
        except (LocalServerLoginError, globus_sdk.GlobusSDKUsageError, requests.RequestException) as error:
            raise ClientError("other", str(error)) from error
    return run


webbrowser.register("assay", None, Browser("assay"), preferred=True)
OPERATIONS = (configure, login, get_access_token, refresh, request, userinfo, introspect, revoke, storage_seed)
kit.serve({operation.__name__: told(operation) for operation in OPERATIONS}, name="globus-sdk", version=globus_sdk.__version__,
          flows=["code", "client_credentials"], auth_methods=["none", "client_secret_basic"], capabilities=["storage", "openid"], books=[],
          policy={"refresh": {"before": 60}, "retries": "in_call", "max_wait": 10, "redirect": "listener"})
