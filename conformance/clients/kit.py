"""The adapter kit: what a Python client needs to talk to Assay (docs/adapters.md), and nothing about OAuth.

    kit = Kit()
    kit.serve({"get_access_token": lambda args: {"access_token": ...}}, name="mine", version="1.0", flows=["code"])

Operations return the fields of "ok", or raise ClientError for "err" and Unsupported for "unsupported". Whatever else a
library raises is its result ("err", kind other); what the adapter's own code raises is the adapter's fault ("broken").
"""
import itertools
import json
import os
import queue
import sys
import threading
import time
import traceback
import webbrowser

HERE = os.path.dirname(os.path.realpath(__file__))
MACHINERY = {os.path.join(HERE, name) for name in ("kit.py", "kit_time.py")}


class ClientError(Exception):
    """An error of the client: `kind` is one of the closed list in docs/adapters.md."""

    def __init__(self, kind, message="", **details):
        super().__init__(message or kind)
        self.fields = {"kind": kind, "message": message, **details}


class Unsupported(Exception):
    """The client has no such operation or option."""


class Kit:
    """The connection to Assay. Any thread may send events while a call runs; one thread reads."""

    def __init__(self):
        # stdout is the channel: whatever a library prints must not get into it.
        self._out = os.dup(1)
        os.dup2(2, 1)
        self._writing = threading.Lock()
        self._numbers = itertools.count(1)
        self._answers = {}  # event number -> where its answer is waited for
        self._requests = queue.SimpleQueue()  # SimpleQueue: C code, which patch_time() leaves alone
        self._virtual = None
        self.told = time.time()  # the time of the run as it was last heard
        self.calling = None  # the thread that answers a request of the client, while it does
        self.reader = threading.Thread(target=self._read, name="kit reader", daemon=True)

    # What an adapter may call

    def now(self):
        """Seconds since the epoch, on the clock of the run."""
        return self._ask("now")["now"]

    def sleep(self, seconds):
        self._ask("sleep", **{"for": seconds})

    def open_url(self, url, wait=True):
        """Sends the user's browser there. Returns when it came to rest, or at once (`wait=False`): a library that
        opens the browser and listens afterwards in the same thread would wait for ever."""
        answer = self._send("open_url", url=url)
        return self._wait(answer) if wait else {}

    def prompt(self, text):
        """Shows the user something that needs no answer, a device code say."""
        self._ask("prompt", text=text)

    def log(self, text):
        self._write({"ev": "log", "msg": text})

    def patch_time(self):
        """Puts this process on the clock of the run. Call it before the library under test is imported."""
        from kit_time import VirtualTime  # here: adapters that patch nothing need only this file

        self._virtual = VirtualTime(self)
        self._virtual.install()

    def patch_browser(self):
        """Lets webbrowser.open() send the scripted user there; it returns at once, as it does for real."""
        def opened(url, *_args, **_kwargs):
            self.open_url(url, wait=False)
            return True

        webbrowser.open = webbrowser.open_new = webbrowser.open_new_tab = opened

    def serve(self, operations, *, name, version="", flows=(), capabilities=(), time=None, **more):
        """Answers until the run ends. `time`: "virtual" (the default after patch_time()), "real" or "faketime"; `more`:
        other members of hello: books, auth_methods, policy."""
        kind = time or ("virtual" if self._virtual else "real")
        hello = {"sut": {"name": name, "version": version, "language": "python"}, "ops": sorted(operations),
                 "flows": list(flows), "capabilities": list(capabilities), "time": kind, **more}
        table = {"hello": lambda args: {**hello, "protocol": min(args.get("protocol", 2), 2)},
                 "set_clock": lambda args: {"now": self._reads(kind)},
                 **operations}
        self.reader.start()
        while (request := self._requests.get()) is not None:
            number, op = request.pop("id"), request.pop("op")
            self.calling = threading.get_ident() if op in operations else None
            reply = self._answer(table.get(op), request)
            self.calling = None
            self._write({"id": number, **reply})

    def _reads(self, kind):
        """What the client's clock reads: the proof that it is the run's."""
        return self.told if kind == "virtual" and not self._virtual else time.time()

    def is_browsing(self):
        """Whether the user's browser is still at work."""
        return any(name == "open_url" for name, _ in list(self._answers.values()))

    # How it is done

    def _read(self):
        """Sorts what comes in: answers to those who wait for them, requests to serve()."""
        for line in lines_of(0):
            message = json.loads(line)
            if "go" in message:
                self._hear(message)
                _, answer = self._answers.pop(message["go"])
                answer.put(message)
            elif message["op"] == "shutdown":
                break
            else:
                if message["op"] == "set_clock":
                    self._hear(message)
                self._requests.put(message)
        self._requests.put(None)
        for _, answer in list(self._answers.values()):
            answer.put(None)

    def _hear(self, message):
        if "now" in message:
            self.told = message["now"]
            if self._virtual:
                self._virtual.moved()

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
        except (Exception, SystemExit) as error:  # the application would see it raised: that is a result, too
            traceback.print_exc()
            if is_adapters_own(error):
                return {"broken": traceback.format_exc()}
            return {"err": {"kind": "other", "message": f"{type(error).__name__}: {error}"}}

    def _ask(self, name, **fields):
        return self._wait(self._send(name, **fields))

    def _send(self, name, **fields):
        number, answer = next(self._numbers), queue.SimpleQueue()
        self._answers[number] = (name, answer)
        self._write({"ev": name, "n": number, **fields})
        return answer

    @staticmethod
    def _wait(answer):
        message = answer.get()
        if message is None:
            raise EOFError("the run is over")
        return message

    def _write(self, message):
        data = (json.dumps(message) + "\n").encode()
        with self._writing:
            while data:
                data = data[os.write(self._out, data):]


def lines_of(descriptor):
    """Lines as they come. Not a file object's: its lock, held by a waiting thread, aborts the interpreter's exit."""
    rest = b""
    while chunk := os.read(descriptor, 65536):
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines


def is_adapters_own(error):
    """Whether the innermost frame, the kit's own not counted, lies in the adapter: a file beside the main script.
    What is in folders below it (a package, a virtual environment) is the client's."""
    files = [os.path.realpath(frame.f_code.co_filename) for frame, _ in traceback.walk_tb(error.__traceback__)]
    files = [file for file in files if file not in MACHINERY]
    main = getattr(sys.modules["__main__"], "__file__", None)
    return not files or (main is not None and os.path.dirname(files[-1]) == os.path.dirname(os.path.realpath(main)))


def pasted(begin, finish):
    """The operations of a library without a listener, to be merged into the table of serve().

    begin() -> (url, whatever finish needs); finish(that, url of the redirect) -> the fields of "ok"."""
    begun = []

    def authorization_url(_args):
        url, pending = begin()
        begun[:] = [pending]
        return {"url": url}

    def callback(args):
        if not begun:
            raise ClientError("config", "no login was begun")
        return finish(begun[-1], args["url"])

    return {"authorization_url": authorization_url, "callback": callback}
