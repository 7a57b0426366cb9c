"""One `assay serve` process."""

from __future__ import annotations

import json
import os
import pathlib
import selectors
import subprocess
from typing import Any, Mapping, Sequence

from pytest_assay.control import AssayError, Control, JsonObject, without_nones
from pytest_assay.issuer import Issuer
from pytest_assay.steps import Vocabulary

START_TIMEOUT_S = 30
STOP_TIMEOUT_S = 10
DYING_S = 0.5


class AssayServer:
    """A server with its control API. It ends when its stdin closes: by `stop`, or as this process ends."""

    def __init__(self, program: pathlib.Path, arguments: Sequence[str], folder: pathlib.Path) -> None:
        """Starts it and waits for its ready line. `folder` takes its log and, with TLS, its CA certificate."""
        self.log_file = folder / "assay-serve.log"
        command = [str(program), "serve", "--port", "0", "--control-port", "0", *arguments]
        # Settings for containers (ASSAY_...) are not meant for this server.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ASSAY_")}
        with self.log_file.open("wb") as log:
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                                             env=environment)
        try:
            self.ready = self._read_ready_line(command)
        except BaseException:
            self._kill()
            raise
        self.control = Control(self.ready["control"], self._state)
        self._folder = folder
        self._vocabulary: Vocabulary | None = None
        self._ca_file: pathlib.Path | None = None

    def _read_ready_line(self, command: list[str]) -> JsonObject:
        stdout = self._process.stdout
        assert stdout is not None
        said = ""
        with selectors.DefaultSelector() as selector:
            selector.register(stdout, selectors.EVENT_READ)
            is_ready = bool(selector.select(START_TIMEOUT_S))
        if is_ready:
            said = stdout.readline().decode("utf-8", "replace")
            try:
                ready = json.loads(said)
                if isinstance(ready, dict) and "control" in ready:
                    return ready
            except ValueError:
                pass
            if not said:  # it is ending: its exit code says how
                try:
                    self._process.wait(STOP_TIMEOUT_S)
                except subprocess.TimeoutExpired:
                    pass
        raise AssayError(f"`{' '.join(command)}` printed no ready line but {said!r}; {self._state()}")

    def _state(self) -> str:
        try:  # one that dies resets its connections a moment before it can be seen to have ended
            code: int | None = self._process.wait(DYING_S)
        except subprocess.TimeoutExpired:
            code = None
        state = f"assay serve (pid {self._process.pid}) " + ("is running" if code is None else f"ended with {code}")
        log = self.log_file.read_text(encoding="utf-8", errors="replace")[-2000:].strip()
        return state + (f", its log:\n{log}" if log else ", its log is empty")

    @property
    def url(self) -> str:
        """Origin of the issuers."""
        return str(self.ready["issuer"]).rpartition("/")[0]

    @property
    def ca_file(self) -> pathlib.Path | None:
        """The certificate that clients have to trust, as a PEM file; None if the issuers are on plain http."""
        if "ca_pem_url" not in self.ready:
            return None
        if self._ca_file is None:
            status, pem = self.control.raw("GET", "/v1/ca.pem")
            if status != 200:
                raise AssayError(f"GET /v1/ca.pem: {status}", status)
            self._ca_file = self._folder / "assay-ca.pem"
            self._ca_file.write_bytes(pem)
        return self._ca_file

    @property
    def vocabulary(self) -> Vocabulary:
        """What steps may say, as this program's schema has it."""
        if self._vocabulary is None:
            self._vocabulary = Vocabulary(self.control.call("GET", "/v1/schema/step"))
        return self._vocabulary

    def issuer(self, *, clock: str | None = None, config: Mapping[str, Any] | None = None,
               script: Sequence[Mapping[str, Any]] | None = None, name: str | None = None) -> Issuer:
        """A fresh issuer; the parameters are those of POST /v1/issuers. Used by `with`, it is judged at the end."""
        created = self.control.call("POST", "/v1/issuers",
                                    without_nones(clock=clock, config=config, script=script, name=name))
        return Issuer(self.control, self.vocabulary, created)

    def stop(self) -> None:
        """Closes its stdin. AssayError if it doesn't end well within ten seconds."""
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            self._process.stdin.close()
        except BrokenPipeError:
            pass  # it has ended already; how is judged below
        try:
            self._process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            state = self._state()
            self._kill()
            raise AssayError(f"{state}\nIt did not end within {STOP_TIMEOUT_S} s of the end of its stdin.") from None
        self._process.stdout.close()
        if self._process.returncode != 0:
            raise AssayError(self._state())

    def _kill(self) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
