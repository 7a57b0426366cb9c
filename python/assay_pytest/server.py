"""`assay serve` as a process, and its control API. Standard library only."""

import json
import subprocess
import urllib.error
import urllib.parse
import urllib.request


class Problem(Exception):
    """What the control API says is wrong with a call (RFC 9457); `body` has pointer, expected, suggestion."""

    def __init__(self, body):
        super().__init__(": ".join(str(body[name]) for name in ("pointer", "detail", "expected", "suggestion") if name in body))
        self.body = body


class Server:
    """A server process. It ends with this object's `close`, or with this process: its stdin closes."""

    def __init__(self, program, *arguments):
        self.process = subprocess.Popen([program, "serve", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, encoding="utf-8")
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{program} serve ended with {self.process.wait(timeout=10)}")
        self.ready = json.loads(line)

    def call(self, method, path, body=None, **query):
        """The JSON of a reply, or None. Raises Problem."""
        url = self.ready["control"] + path + ("?" + urllib.parse.urlencode(query) if query else "")
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=330) as reply:
                text = reply.read()
        except urllib.error.HTTPError as error:
            raise Problem(json.loads(error.read())) from None
        return json.loads(text) if text else None

    def issuer(self, **body):
        """A new issuer, by the members of POST /v1/issuers."""
        return Issuer(self, self.call("POST", "/v1/issuers", body))

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


class Issuer:
    """One issuer: where it is (`url`, `discovery`), its `clients`, and what its control API can do."""

    def __init__(self, server, made):
        self.server = server
        self.name, self.url, self.discovery = made["name"], made["issuer"], made["discovery"]
        self.clients = {client["id"]: client for client in made["clients"]}
        self.judged = True
        self._path = made["control"]

    def call(self, method, path="", body=None, **query):
        return self.server.call(method, self._path + path, body, **query)

    def step(self, do, times=1, **when):
        """Scripts one step; returns its id."""
        return self.call("POST", "/steps", {"do": do, "times": times, "when": when})["ids"][0]

    def advance(self, seconds):
        return self.call("POST", "/clock/advance", {"seconds": seconds})

    def patch(self, **config):
        return self.call("PATCH", "", config)

    def put_client(self, client, **config):
        self.call("PUT", "/clients/" + urllib.parse.quote(client, safe=""), config)

    def put_user(self, sub, **config):
        self.call("PUT", "/users/" + urllib.parse.quote(sub, safe=""), config)

    def session(self, **spec):
        """The token reply of a login that already happened."""
        return self.call("POST", "/sessions", spec)

    def requests(self, **query):
        return self.call("GET", "/requests", **query)["requests"]

    def wait(self, count=1, timeout=5, **query):
        """The matching requests once so many have come."""
        return self.call("GET", "/requests/wait", count=count, timeout=timeout, **query)["requests"]

    def verify(self, match=None, **expectation):
        """Asserts an expectation; the failure names what came closest."""
        told = self.call("POST", "/verify", {**({"match": match} if match is not None else {}), **expectation})
        assert told["ok"], explain(told)
        return told

    def verdict(self):
        return self.call("GET", "/verdict")

    def journal(self):
        """A line for each request."""
        return "\n".join(f"  #{one['seq']} {one['method']} {one['path']} {one['grant']} -> {one['status'] or 'lost'}"
                         for one in self.requests())


def explain(told):
    """The failure of an expectation, for people."""
    lines = list(told["problems"])
    for miss in told["near_misses"]:
        lines.append(f"closest: #{miss['seq']} {miss['method']} {miss['path']} -> {miss['status']}")
        lines += [f"  {one['field']}: {one['actual']}, expected {one['expected']}" for one in miss["differences"]]
    return "\n".join(lines)
