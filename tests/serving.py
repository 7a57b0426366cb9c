"""`assay serve` as a test sees it, and its control API. Standard library and requests only."""

import json
import subprocess

import requests


def run(command, timeout=120, **options):
    """A finished process, its output as text."""
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, encoding="utf-8",
                          stdin=options.pop("stdin", subprocess.DEVNULL), timeout=timeout, check=False, **options)


class Served:
    """One server process. It prints its URLs when it is ready and ends when its stdin closes."""

    def __init__(self, assay, arguments, log):
        self.log = log
        with log.open("w") as stderr:
            self.process = subprocess.Popen([str(assay), "serve", *map(str, arguments)], stdin=subprocess.PIPE,
                                            stdout=subprocess.PIPE, stderr=stderr, text=True, encoding="utf-8")
        line = self.process.stdout.readline()
        if not line:
            code = self.process.wait(timeout=10)
            raise AssertionError(f"assay serve ended with {code}: {log.read_text()}")
        self.ready = json.loads(line)
        self.main = Issuer(self, self.ready["issuer"], "/v1/issuers/main")

    def control(self, method, path, body=None, **parameters):
        """The reply of a control API call, whatever its status."""
        return requests.request(method, self.ready["control"] + path, json=body, params=parameters, timeout=30)

    def create_issuer(self, **body):
        reply = self.control("POST", "/v1/issuers", body)
        assert reply.status_code == 201, reply.text
        return Issuer(self, reply.json()["issuer"], reply.json()["control"])

    def stop(self):
        """Closes stdin; a server that does not end well within five seconds fails the test."""
        self.process.stdin.close()
        try:
            code = self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        finally:
            self.process.stdout.close()
        assert code == 0, self.log.read_text()


class Issuer:
    """One issuer: its own endpoints, and its part of the control API."""

    def __init__(self, server, url, control_path):
        self.server = server
        self.url = url
        self.control_path = control_path

    def control(self, method, path, body=None, **parameters):
        reply = self.server.control(method, self.control_path + path, body, **parameters)
        assert reply.ok, reply.text
        return reply.json() if reply.content else None

    def discovery(self):
        return self.get(self.url + "/.well-known/openid-configuration").json()

    def get(self, url, **options):
        return requests.get(url, timeout=30, allow_redirects=False, **options)

    def post(self, endpoint, form, **options):
        """A form to an endpoint by its metadata name: post("token_endpoint", {...})."""
        return requests.post(self.discovery()[endpoint], data=form, timeout=30, allow_redirects=False, **options)

    def script(self, *steps):
        return self.control("POST", "/steps", list(steps))["ids"]

    def advance(self, seconds):
        self.control("POST", "/clock/advance", {"seconds": seconds})

    def requests(self, **parameters):
        return self.control("GET", "/requests", **parameters)["requests"]

    def verdict(self):
        return self.control("GET", "/verdict")
