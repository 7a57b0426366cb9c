"""The issuer's metadata (OpenID Connect Discovery 1.0, RFC 8414)."""
from kit import ClientError

from . import faults
from .replies import expect_json


class Issuer:
    """Fetched once; a failure is not remembered."""

    def __init__(self, wire, name):
        self.wire, self.name, self._metadata = wire, name, None

    def metadata(self):
        if self._metadata is None:
            if faults.on("remember_failed_discovery"):
                self._metadata = {}
            document = expect_json(self.wire.get(self.name.removesuffix("/") + "/.well-known/openid-configuration"))
            if not self._is_ours(document.get("issuer")):
                raise ClientError("protocol", "the metadata names another issuer")
            self._metadata = document
        return self._metadata

    def _is_ours(self, issuer):
        """Character for character: a name that is nearly ours is another's."""
        if faults.on("strip_issuer_slash") and isinstance(issuer, str):
            return issuer.rstrip("/") == self.name.rstrip("/")
        return issuer == self.name or faults.on("skip_discovery_issuer")

    def endpoint(self, name):
        url = self.metadata().get(name)
        if not isinstance(url, str) or not url:
            raise ClientError("config", f"the issuer has no {name}")
        if self.name.startswith("https:") and not url.startswith("https:") and not faults.on("cleartext_endpoint"):
            raise ClientError("protocol", f"the {name} is not protected by TLS")
        return url

    def has(self, name):
        return bool(self.metadata().get(name))

    def promises_iss(self):
        return self.metadata().get("authorization_response_iss_parameter_supported") is True
