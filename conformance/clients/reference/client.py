"""The client as its application sees it: one method for each operation of the adapter protocol."""
import urllib.parse

from kit import ClientError, Unsupported

from . import faults, jose
from .client_auth import ClientAuth
from .code import CodeFlow
from .device import DeviceFlow
from .grants import Grants, IdTokens
from .issuer import Issuer
from .keys import Keys
from .services import Services
from .session import Session
from .store import MemoryStore, Store
from .wire import Wire

UNATTENDED = ("client_credentials", "password")


class Client:
    def __init__(self, kit, config, policy):
        self.kit, self.policy = kit, policy
        if not policy.openid:
            config = {**config, "scopes": [scope for scope in config.get("scopes") or [] if scope != "openid"]}
        self.config, self.flow = config, config["flow"]
        if self.flow not in policy.flows:
            raise Unsupported(f"no flow {self.flow}")
        self.wire = Wire(kit, policy.retries)
        self.issuer = Issuer(self.wire, config["issuer"])
        self.keys = Keys(kit, self.wire, self.issuer)
        id_tokens = IdTokens(kit, self.keys, config, policy.openid)
        self.grants = Grants(kit, self.wire, self.issuer, ClientAuth(kit, config, policy), id_tokens, config)
        self.code = CodeFlow(kit, self.issuer, self.grants, config, policy)
        self.devices = DeviceFlow(kit, self.wire, self.grants)
        self.services = Services(self.wire, self.issuer, self.grants, id_tokens)
        store = Store(kit, config["storage_dir"]) if policy.stores else MemoryStore()
        self._credentials = [(config.get("username", ""), config.get("password", ""))]
        self.session = Session(kit, store, self.grants, policy, self._unattended())
        self._device = self._request = None

    def _unattended(self):
        if self.flow == "client_credentials":
            return self.grants.client_credentials
        return self._log_in_by_password if self.flow == "password" else None

    def _log_in_by_password(self):
        """The password is thrown away once there is a token (RFC 6749, section 4.3.1)."""
        if not self._credentials:
            raise ClientError("reauth_required", "the password is needed again")
        reply = self.grants.password(*self._credentials[0])
        if not faults.on("password_every_call"):
            self._credentials.clear()
        return reply

    # Logging in

    def login(self, args):
        if self.flow in UNATTENDED:
            return self.session.adopt(None, self._unattended()())
        if args.get("interactive") is False and not faults.on("prompt_unasked"):
            raise ClientError("interaction_required", "a browser is needed and was not permitted")
        if self.flow == "device":
            self._device = self.devices.initiate()
            self.kit.prompt("Visit {verification_uri} and enter {user_code}".format_map(self._device))
            return self.device_complete(args)
        return self.session.adopt(None, self.code.login())

    def authorization_url(self, _args):
        self._request = self.code.begin()
        return {"url": self.code.url_of(self._request)}

    def callback(self, args):
        request, self._request = self._request, None  # a state is good for one answer
        if request is None:
            raise jose.invalid("state", "no login was begun, or it is over")
        posted = args.get("form") if not faults.on("read_query_only") else None
        answer = urllib.parse.parse_qsl(posted or urllib.parse.urlsplit(args["url"]).query)
        return self.session.adopt(None, self.code.redeem(request, answer))

    def device_initiate(self, _args):
        self._device = self.devices.initiate()
        return {name: value for name, value in self._device.items() if name not in ("device_code", "_deadline")}

    def device_complete(self, _args):
        if self._device is None:
            raise ClientError("config", "no device login was begun")
        device, self._device = self._device, None
        return self.session.adopt(None, self.devices.complete(device))

    def ensure_ready(self, args):
        try:
            self.session.load_once()
        except ClientError as error:
            self.kit.log(str(error))  # as good as no session
        if faults.on("refresh_at_start"):
            return self.refresh({})
        held = self.session.token
        if self.flow == "client_credentials" or self.session.is_usable():
            return {}
        if held and held.get("refresh_token"):
            try:
                return self.refresh({})
            except ClientError:
                if faults.on("no_login_after_refused_refresh"):
                    raise
                self.kit.log("the session cannot be refreshed; a login is needed")
        return self.login({"interactive": False, **args})

    # Using and renewing tokens

    def get_access_token(self, _args):
        if self.flow == "password" and faults.on("password_every_call"):
            return self.session.adopt(None, self._unattended()())
        return self.session.current()

    def refresh(self, _args):
        return self.session.refresh()

    def request(self, args):
        url, method = self._url(args), args.get("method", "GET")
        sent = self.session.current()["access_token"]
        reply = self._call_api(method, url, sent)
        if reply.status == 401 and self.policy.refresh.get("on") == "401":
            self.session.replace(sent)  # once: a second 401 says that the token is not what is missing
            reply = self._call_api(method, url, self.session.current()["access_token"])
        for _ in range(20 if faults.on("loop_on_401") else 0):
            if reply.status == 401:
                reply = self._call_api(method, url, self.refresh({})["access_token"])
        return {"status": reply.status}

    def _url(self, args):
        url = args.get("url") or args.get("path")
        if url is None:
            return self.issuer.endpoint("userinfo_endpoint")
        return self.issuer.name.removesuffix("/") + url if url.startswith("/") else url

    def _call_api(self, method, url, access_token):
        if faults.on("token_in_query"):
            return self.wire.send(method, f"{url}?access_token={access_token}", {}, None)
        if faults.on("token_twice"):
            url += f"?access_token={access_token}"
        return self.wire.send(method, url, {"Authorization": f"Bearer {access_token}"}, None)

    def userinfo(self, _args):
        self.session.current()
        return self.services.userinfo(self.session.token)

    # Looking at tokens

    def validate(self, args):
        if not args.get("token"):
            raise ClientError("config", "no token to validate")
        kind = args.get("kind", "access")
        audience = args.get("audience") or self.config.get("audience") or self.config["client_id"]
        audience = self.config["client_id"] if kind == "id" else audience
        issuer = args.get("issuer") or self.config["issuer"]
        return jose.validate(args["token"], self.keys, self.kit.now, issuer, audience, args.get("nonce"), kind)

    def introspect(self, args):
        return self.services.introspect(args["token"])

    # Ending it

    def revoke(self, args):
        """A token, or all that we hold. Only what the issuer has revoked is forgotten."""
        self.session.load_once()
        held = self.session.token or {}
        revoked = args.get("token") or held.get("refresh_token") or held.get("access_token")
        if not revoked:
            raise ClientError("no_credentials", "there is nothing to revoke")
        kind = "refresh_token" if revoked == held.get("refresh_token") else "access_token"
        self.services.revoke(revoked, kind)
        if revoked == held.get(kind) and not faults.on("use_after_revoke"):
            self.session.forget(kind)
        return {}

    def logout(self, _args):
        """Our tokens go in any case; the issuer is told as well as it can be."""
        url = None
        try:
            self.session.load_once()
            held = self.session.token or {}
            url = self.services.logout_url(held.get("id_token"), self.config.get("post_logout_redirect_uri"))
            if held.get("refresh_token") and self.issuer.has("revocation_endpoint"):
                self.services.revoke(held["refresh_token"], "refresh_token")
        except ClientError as error:
            self.kit.log(f"the issuer is not told all: {error.fields['kind']}")
        self.session.forget()
        return {"url": url} if url else {}

    def storage_seed(self, args):
        self.session.seed(args["credential"])
        return {}
