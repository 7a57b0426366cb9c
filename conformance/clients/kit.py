"""The adapter kit: what a Python client needs to talk to Assay (docs/adapters.md), and nothing about OAuth.

    kit = Kit()
    kit.serve({"get_access_token": lambda args: {"access_token": ...}}, name="mine", version="1.0", flows=["code"])

Operations return the fields of "ok", or raise ClientError for "err" and Unsupported for "unsupported".
"""
import json
import os
import sys
import traceback


class ClientError(Exception):
    """An error of the client: `kind` is one of the closed list in docs/adapters.md."""

    def __init__(self, kind, message="", **details):
        super().__init__(message or kind)
        self.fields = {"kind": kind, "message": message, **details}


class Unsupported(Exception):
    """The client has no such operation or option."""


class Kit:
    def __init__(self):
        # stdout is the channel: whatever a library prints must not get into it.
        self._out = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
        os.dup2(2, 1)
        self._in = os.fdopen(os.dup(0), encoding="utf-8")
        self._events = 0

    def now(self):
        """Seconds since the epoch, on the clock of the run."""
        return self._event("now")["now"]

    def sleep(self, seconds):
        self._event("sleep", **{"for": seconds})

    def open_url(self, url):
        """Sends the user's browser there. Returns when it came to rest."""
        self._event("open_url", url=url)

    def log(self, text):
        self._write({"ev": "log", "msg": text})

    def serve(self, operations, **sut):
        """Answers until the run ends."""
        lists = {name: sut.pop(name, []) for name in ("flows", "capabilities")}
        hello = {"protocol": 1, "sut": {"language": "python", **sut}, "ops": sorted(operations), **lists}
        operations = {"hello": lambda args: hello, "set_clock": lambda args: {}, **operations}
        for line in self._in:
            message = json.loads(line)
            number, name = message.pop("id"), message.pop("op")
            if name == "shutdown":
                break
            self._write({"id": number, **self._answer(operations.get(name), message)})

    @staticmethod
    def _answer(operation, args):
        if operation is None:
            return {"unsupported": "no such operation"}
        try:
            return {"ok": operation(args) or {}}
        except ClientError as error:
            return {"err": error.fields}
        except Unsupported as why:
            return {"unsupported": str(why)}
        except Exception as error:  # the application would see it raised: that is a result, too
            traceback.print_exc()
            return {"err": {"kind": "other", "message": f"{type(error).__name__}: {error}"}}

    def _event(self, name, **fields):
        self._events += 1
        self._write({"ev": name, "n": self._events, **fields})
        return json.loads(self._in.readline())

    def _write(self, message):
        self._out.write(json.dumps(message) + "\n")
        self._out.flush()
