"""assay and the other servers: how each is started, and what it can do."""

import contextlib
import json
import socket
import threading
import time
import urllib.request

from measuring import HERE, resident_mib, running

CONFIG = {
    "clients": [{"id": "service-post", "auth": "client_secret_post", "secret": "bench", "grants": ["client_credentials"]},
                {"id": "app", "auth": "none", "redirect_uris": ["http://127.0.0.1/callback"]}],
    "device": {"decision": "approve"},
}


class Running:
    """A server that answers."""

    def __init__(self, process, ready, started):
        with urllib.request.urlopen(ready["discovery"], timeout=30) as reply:
            self.metadata = json.load(reply)
        self.start_ms = (time.monotonic() - started) * 1000
        self.pid = process.pid
        self.discovery = ready["discovery"]
        self.control = ready.get("control")

    def resident_mib(self):
        return resident_mib(self.pid)


class PrintsItsUrls:
    """A server whose first line of output is JSON with `discovery`."""

    warm_up_s = 1

    def __init__(self, name, command, kinds):
        self.name = name
        self.command = command
        self.kinds = kinds  # of tokens and flows; "many": it makes 100,000 tokens within minutes

    @contextlib.contextmanager
    def start(self, kind):
        started = time.monotonic()
        with running(self.command(kind), HERE / "peers", {}) as process:
            line = process.stdout.readline()
            if not line:
                raise RuntimeError(f"{self.name} did not start")
            # A server that goes on printing must not stop at a full pipe.
            threading.Thread(target=process.stdout.read, daemon=True).start()
            yield Running(process, json.loads(line), started)


class Navikt:
    """mock-oauth2-server, on the JVM, with the web server of its own start script. It says nothing when it is ready."""

    name = "navikt"
    warm_up_s = 5
    kinds = {"RS256", "ES256", "code"}

    @contextlib.contextmanager
    def start(self, kind):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        algorithm = kind if kind in self.kinds - {"code"} else "RS256"
        config = {"interactiveLogin": False, "httpServer": "MockWebServerWrapper",
                  "tokenProvider": {"keyProvider": {"algorithm": algorithm}}}
        started = time.monotonic()
        command = ["java", "-cp", HERE / "jars" / "*", "no.nav.security.mock.oauth2.StandaloneMockOAuth2ServerKt"]
        with running(command, HERE / "peers", {"SERVER_PORT": str(port), "JSON_CONFIG": json.dumps(config)}) as process:
            threading.Thread(target=process.stdout.read, daemon=True).start()
            discovery = f"http://127.0.0.1:{port}/default/.well-known/openid-configuration"
            yield self.wait(process, discovery, started)

    @staticmethod
    def wait(process, discovery, started):
        while process.poll() is None and time.monotonic() < started + 60:
            with contextlib.suppress(OSError):
                return Running(process, {"discovery": discovery}, started)
            time.sleep(0.005)
        raise RuntimeError("mock-oauth2-server did not start")


def algorithm_of(kind):
    return kind if "S" in kind else "ES256" if kind == "many" else "RS256"


def servers(assay, directory):
    """assay first."""

    def assay_command(kind):
        settings = {"opaque": {"access_token": "opaque"}}.get(kind, {"signing_alg": algorithm_of(kind)})
        file = directory / f"{kind}.json"
        file.write_text(json.dumps({**CONFIG, **settings}))
        return [assay, "serve", "--config", file]

    return [
        PrintsItsUrls("assay", assay_command, {"RS256", "ES256", "EdDSA", "opaque", "code", "device", "many"}),
        PrintsItsUrls("axa", lambda kind: ["node", "oauth2_mock_server.mjs", algorithm_of(kind)],
                      {"RS256", "ES256", "EdDSA", "code", "many"}),
        PrintsItsUrls("panva", lambda kind: ["node", "oidc_provider.mjs", kind if kind != "many" else "ES256"],
                      {"RS256", "ES256", "EdDSA", "opaque", "many"}),
        Navikt(),
    ]
