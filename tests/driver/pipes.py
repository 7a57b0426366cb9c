"""Assay's side of the adapter protocol, as small as a test of an adapter needs it: a process, a clock, its events."""

import json
import os
import subprocess
import sys
import textwrap
import threading
import urllib.request

import pytest

T0 = 1893456000.0


class Piped:
    """`at(time)` is what every event is answered with; sleeping lets it pass."""

    def __init__(self, *command, env=None):
        self.process = subprocess.Popen([sys.executable, *map(str, command)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, encoding="utf-8", env=env)
        self._writing = threading.Lock()
        self.now, self.number, self.events = T0, 0, []
        self.output, self._browsers = "", []

    def send(self, message):
        with self._writing:
            self.process.stdin.write(json.dumps(message) + "\n")
            self.process.stdin.flush()

    def call(self, op, **fields):
        """The reply without its id."""
        self.number += 1
        self.send({"id": self.number, "op": op, **fields})
        while True:
            line = self.process.stdout.readline()
            assert line, f"it ended during {op}: {self.process.stderr.read()}"
            message = json.loads(line)
            if "ev" not in message:
                assert message.pop("id") == self.number
                return message
            self.events.append(message)
            self._answer(message)

    def _answer(self, event):
        if event["ev"] == "sleep":
            self.now += event["for"]
        if event["ev"] == "open_url":
            self._browsers.append(threading.Thread(target=self._browse, args=[event]))
            self._browsers[-1].start()
        elif event["ev"] != "log":
            self.send({"go": event["n"], "now": self.now})

    def _browse(self, event):
        with urllib.request.urlopen(event["url"]):
            self.send({"go": event["n"], "opened": True})

    def slept(self):
        return [event["for"] for event in self.events if event["ev"] == "sleep"]

    def end(self):
        """The exit code after `shutdown`."""
        for browser in self._browsers:
            browser.join()
        self.send({"op": "shutdown", "id": self.number + 1})
        _, self.output = self.process.communicate(timeout=20)
        return self.process.returncode


@pytest.fixture
def adapter(tmp_path, root):
    """Starts an adapter with this code; `library` is the code of the module `lib.client` in a folder below it."""
    started = []

    def start(code, library=""):
        (tmp_path / "lib").mkdir()
        (tmp_path / "lib" / "client.py").write_text(textwrap.dedent(library))
        (tmp_path / "adapter.py").write_text("from kit import ClientError, Kit, Unsupported, pasted\n" + textwrap.dedent(code))
        kit = str(root / "conformance" / "clients")
        started.append(Piped(tmp_path / "adapter.py", env={**os.environ, "PYTHONPATH": kit}))
        return started[-1]

    yield start
    for one in started:
        assert one.end() == 0, one.output
