"""The clock of the run under an unmodified library: kit.patch_time()."""

import os
import subprocess
import sys

import pytest
from pipes import T0, adapter  # noqa: F401: a fixture

PATCHED = """
    kit = Kit()
    kit.patch_time()
    from lib import client

    kit.serve({name: getattr(client, name) for name in client.OPERATIONS}, name="mine")
"""
CLOCKS = """
    import asyncio, calendar, concurrent.futures, datetime, email.utils, pickle, queue, threading, time
    from datetime import datetime as named
    from time import monotonic, sleep, time as seconds

    OPERATIONS = ["reads", "sleeps", "waits", "times_out", "asks_others", "has_dates", "goes_on", "background",
                  "wakened", "busy", "loops"]

    def reads(args):
        return {"times": [time.time(), seconds(), time.time_ns() / 1e9,
                          calendar.timegm(time.gmtime()), time.mktime(time.localtime()),
                          named.now().timestamp(), named.now(datetime.timezone.utc).timestamp(), named.today().timestamp(),
                          calendar.timegm(named.utcnow().timetuple()),
                          email.utils.parsedate_to_datetime(email.utils.formatdate()).timestamp(),
                          time.mktime(time.strptime(time.strftime("%c"))), time.mktime(time.strptime(time.ctime()))],
                "day": str(datetime.datetime.now(datetime.timezone.utc).date())}

    def sleeps(args):
        began, steady, fine = time.time(), monotonic(), time.monotonic_ns()
        sleep(7.5)
        time.sleep(0)
        return {"passed": [time.time() - began, monotonic() - steady, (time.monotonic_ns() - fine) / 1e9]}

    def waits(args):
        event, condition, semaphore, tray = threading.Event(), threading.Condition(), threading.Semaphore(0), queue.Queue()
        with condition:
            results = [event.wait(3), condition.wait(4), condition.wait_for(lambda: False, 5), semaphore.acquire(timeout=6)]
        try:
            tray.get(timeout=7)
        except queue.Empty:
            results.append("empty")
        return {"results": results}

    def times_out(args):
        with concurrent.futures.ThreadPoolExecutor() as pool:
            stop = threading.Event()
            try:
                pool.submit(stop.wait).result(timeout=30)
            except TimeoutError:
                return {"now": time.time()}
            finally:
                stop.set()

    def asks_others(args):
        with concurrent.futures.ThreadPoolExecutor() as pool:
            return {"slept": pool.submit(lambda: (time.sleep(11), time.time())[1]).result()}

    def has_dates(args):
        moment = named(2030, 1, 2, tzinfo=datetime.timezone.utc)
        built = named.fromisoformat("2030-01-02") + datetime.timedelta(days=1)
        real = pickle.loads(pickle.dumps(built)), datetime.date.today(), named.strptime("2030", "%Y")
        return {"all": [isinstance(built, named), isinstance(moment, datetime.date), issubclass(named, datetime.date),
                        real[0] == built, isinstance(real[1], datetime.date), isinstance(real[2], named),
                        isinstance(email.utils.parsedate_to_datetime("Tue, 01 Jan 2030 00:00:09 GMT"), named),
                        (moment - named.now(datetime.timezone.utc)).total_seconds() == 86400.0, not isinstance(5, named)]}

    woken, ticking = [], threading.Event()

    def tick():
        ticking.set()
        while True:
            time.sleep(60)
            woken.append(time.time())
            ticking.set()

    def background(args):
        threading.Thread(target=tick, daemon=True).start()
        ticking.wait()
        ticking.clear()

    def wakened(args):
        ticking.wait()
        ticking.clear()
        return {"at": woken}

    def goes_on(args):
        return {"now": time.time()}

    def loops(args):
        async def answers(reader, writer):
            await reader.readline()
            await asyncio.sleep(2)
            writer.write(b"fine")
            writer.close()

        async def asks():
            await asyncio.sleep(20)
            try:
                await asyncio.wait_for(asyncio.Event().wait(), 30)
            except asyncio.TimeoutError:
                pass
            server = await asyncio.start_server(answers, "127.0.0.1", 0)
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            writer.write(b"hello\\n")
            reply = await asyncio.wait_for(reader.read(), 60)
            writer.close()
            server.close()
            return {"reply": reply.decode(), "now": time.time()}

        return asyncio.run(asks())

    def busy(args):
        until = time.time() + 3
        while time.time() < until:
            time.sleep(0.5)
        while time.time() <= until:
            time.sleep(1e-12)
"""


@pytest.fixture
def clocks(adapter):
    it = adapter(PATCHED, CLOCKS)
    assert it.call("hello", protocol=2)["ok"]["time"] == "virtual"
    assert it.call("set_clock", now=T0)["ok"] == {"now": T0}
    return it


def test_every_clock_reads_the_time_of_the_run(clocks):
    told = clocks.call("reads")["ok"]
    assert told["times"] == [T0] * len(told["times"]) and told["day"] == "2030-01-01"


def test_sleeping_lets_the_time_of_the_run_pass(clocks):
    assert clocks.call("sleeps")["ok"]["passed"] == [7.5] * 3
    assert clocks.slept() == [7.5]


def test_a_clock_put_back_leaves_the_monotonic_one_alone(clocks):
    clocks.now = T0 - 500
    clocks.call("set_clock", now=clocks.now)
    assert clocks.call("goes_on")["ok"] == {"now": T0 - 500}
    assert clocks.call("sleeps")["ok"]["passed"] == [7.5] * 3


def test_timed_waits_let_it_pass_too(clocks):
    assert clocks.call("waits")["ok"]["results"] == [False, False, False, False, "empty"]
    assert sum(clocks.slept()) == pytest.approx(3 + 4 + 5 + 6 + 7)


def test_a_future_times_out_in_the_time_of_the_run(clocks):
    assert clocks.call("times_out")["ok"]["now"] == T0 + 30


def test_a_thread_that_is_waited_for_sleeps_in_the_time_of_the_run(clocks):
    assert clocks.call("asks_others")["ok"]["slept"] == T0 + 11


def test_an_asyncio_loop_lives_in_the_time_of_the_run(clocks):
    assert clocks.call("loops")["ok"] == {"reply": "fine", "now": pytest.approx(T0 + 20 + 30 + 2, abs=0.01)}


def test_dates_stay_dates(clocks):
    assert set(clocks.call("has_dates")["ok"]["all"]) == {True}


def test_a_thread_in_the_background_follows_and_never_leads(clocks):
    clocks.call("background")
    assert clocks.call("goes_on")["ok"]["now"] == T0 and not clocks.slept()
    clocks.now = T0 + 61
    clocks.call("set_clock", now=T0 + 61)
    assert clocks.call("wakened")["ok"]["at"] == [T0 + 61]


def test_a_library_that_polls_the_clock_comes_to_an_end(clocks):
    clocks.call("busy")
    assert clocks.slept() == [0.5] * 6 + [0.001]


def test_a_library_that_was_imported_too_early_is_named(tmp_path, root):
    (tmp_path / "early.py").write_text("from time import sleep\n")
    (tmp_path / "adapter.py").write_text("import early\nfrom kit import Kit\nKit().patch_time()\n")
    done = subprocess.run([sys.executable, tmp_path / "adapter.py"], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                          env={**os.environ, "PYTHONPATH": str(root / "conformance" / "clients")}, timeout=30, check=False)
    assert done.returncode == 1 and "patch_time() comes too late: early hold on to the real clock" in done.stderr


UNMODIFIED = """
    import http.server, threading, requests, urllib3
    from authlib.integrations.requests_client import OAuth2Session
    from requests.adapters import HTTPAdapter

    OPERATIONS = ["retries", "expires"]

    class Throttled(http.server.BaseHTTPRequestHandler):
        asked = 0

        def do_GET(self):
            Throttled.asked += 1
            self.send_response(429 if Throttled.asked == 1 else 200)
            self.send_header("Retry-After", "3600")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    def retries(args):
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Throttled) as server, requests.Session() as session:
            threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
            session.mount("http://", HTTPAdapter(max_retries=urllib3.Retry(3, status_forcelist=[429])))
            status = session.get(f"http://127.0.0.1:{server.server_port}/", timeout=30).status_code
            server.shutdown()
        return {"status": status}

    held = OAuth2Session("app", token={"access_token": "at", "expires_at": 1893456000 + 3600})

    def expires(args):
        return {"expired": held.token.is_expired(leeway=0)}
"""


def test_unmodified_libraries_live_on_it(adapter):
    it = adapter(PATCHED, UNMODIFIED)
    it.call("set_clock", now=T0)
    assert it.call("expires")["ok"] == {"expired": False}
    assert it.call("retries")["ok"] == {"status": 200}
    assert it.slept() == [3600]
    assert it.call("expires")["ok"] == {"expired": False}
    it.now += 1
    assert it.call("expires")["ok"] == {"expired": True}
