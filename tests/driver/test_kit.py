"""The adapter kit: what hello says, events from any thread, whose exception it is."""

import pytest
from pipes import T0, Piped, adapter  # noqa: F401: a fixture


# hello and the clock

PLAIN = """
    kit = Kit()
    kit.serve({"get_access_token": lambda args: {}}, name="mine", version="1.0", flows=["code"], capabilities=["storage"],
              books=["planet_auth"], auth_methods=["none"], policy={"retries": "caller"})
"""


@pytest.mark.parametrize(("asked", "answered"), [(1, 1), (2, 2), (3, 2)])
def test_hello_tells_what_it_was_given(adapter, asked, answered):
    told = adapter(PLAIN).call("hello", protocol=asked)["ok"]
    assert told == {"protocol": answered, "sut": {"name": "mine", "version": "1.0", "language": "python"},
                    "ops": ["get_access_token"], "flows": ["code"], "capabilities": ["storage"], "time": "real",
                    "books": ["planet_auth"], "auth_methods": ["none"], "policy": {"retries": "caller"}}


def test_what_is_not_there_is_unsupported(adapter):
    assert "unsupported" in adapter(PLAIN).call("zz_nothing")


def test_a_client_on_the_systems_clock_reads_the_system(adapter):
    assert adapter(PLAIN).call("set_clock", now=T0)["ok"]["now"] != T0


def test_a_client_on_the_runs_clock_says_so(adapter):
    it = adapter('Kit().serve({}, name="mine", time="virtual")')
    assert it.call("hello", protocol=2)["ok"]["time"] == "virtual"
    assert it.call("set_clock", now=T0)["ok"] == {"now": T0}


# Whose exception it is

THROWS = """
    import json
    from lib import client

    def in_a_callback(args):
        client.calls(lambda: {}["x"])

    def refuses(args):
        raise ClientError("denied", "no", oauth_error="access_denied")

    def lacks(args):
        raise Unsupported("no such thing")

    kit = Kit()
    kit.serve({"mine": lambda args: args["missing"], "callback": in_a_callback, "kit": lambda args: kit.sleep(),
               "library": lambda args: client.fails(), "standard": lambda args: json.loads("x"),
               "gives_up": lambda args: client.gives_up(), "refuses": refuses, "lacks": lacks}, name="mine")
"""
LIBRARY = """
    def fails():
        raise KeyError("theirs")

    def gives_up():
        raise SystemExit(3)

    def calls(function):
        function()
"""


@pytest.mark.parametrize("op", ["mine", "callback", "kit"])
def test_what_the_adapter_raises_is_its_own_fault(adapter, op):
    reply = adapter(THROWS, LIBRARY).call(op)
    assert list(reply) == ["broken"] and reply["broken"].startswith("Traceback")


@pytest.mark.parametrize("op", ["library", "standard", "gives_up"])
def test_what_a_library_raises_is_a_result(adapter, op):
    assert adapter(THROWS, LIBRARY).call(op)["err"]["kind"] == "other"


def test_the_clients_errors_are_told_as_they_are(adapter):
    it = adapter(THROWS, LIBRARY)
    assert it.call("refuses") == {"err": {"kind": "denied", "message": "no", "oauth_error": "access_denied"}}
    assert it.call("lacks") == {"unsupported": "no such thing"}


# Threads

THREADS = """
    import threading

    kit = Kit()

    def many(args):
        def work(number):
            for _ in range(50):
                kit.sleep(number)
                times.append(kit.now())
                kit.log(str(number))
        times = []
        workers = [threading.Thread(target=work, args=[number]) for number in range(1, 9)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        print("a library prints what it likes")
        return {"times": len(times)}

    kit.serve({"many": many}, name="mine")
"""


def test_events_of_many_threads_do_not_mix(adapter):
    it = adapter(THREADS)
    assert it.call("many")["ok"] == {"times": 400}
    assert sorted(it.slept()) == sorted(list(range(1, 9)) * 50)


BROWSER = """
    import http.server
    import webbrowser

    kit = Kit()
    kit.patch_browser()

    def login(args):
        with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
            webbrowser.open(f"http://127.0.0.1:{server.server_port}/callback?code=c")
            server.handle_request()
        return {"access_token": Handler.seen}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            Handler.seen = self.path
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    kit.serve({"login": login}, name="mine")
"""


def test_a_library_may_open_the_browser_and_listen_in_one_thread(adapter):
    assert adapter(BROWSER).call("login")["ok"] == {"access_token": "/callback?code=c"}


PASTED = """
    kit = Kit()
    kit.serve(pasted(lambda: ("https://i/authorize?state=s", "s"),
                     lambda pending, url: {"access_token": pending + url}), name="mine")
"""


def test_a_login_by_a_pasted_address(adapter):
    it = adapter(PASTED)
    assert it.call("callback", url="x")["err"]["kind"] == "config"
    assert it.call("authorization_url")["ok"] == {"url": "https://i/authorize?state=s"}
    assert it.call("callback", url="https://app/cb?code=c")["ok"] == {"access_token": "shttps://app/cb?code=c"}


# The reference client behind the kit


@pytest.mark.parametrize("arguments", [[], ["--variant", "pasted"], ["--variant", "real_clock"], ["--fault", "no_backoff"]])
def test_the_reference_client_starts_and_ends(root, arguments):
    it = Piped(root / "conformance" / "clients" / "reference.py", *arguments)
    hello = it.call("hello", protocol=2)["ok"]
    assert hello["books"] == ([] if "--variant" in arguments else ["planet_auth", "auth_core"])
    assert hello["time"] == ("real" if "real_clock" in arguments else "virtual")
    assert "unsupported" in it.call("zz_nothing")
    assert it.end() == 0, it.output
