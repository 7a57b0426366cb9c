"""The clock of the run for an unmodified Python library: time, datetime and timed waits are patched before its import.

Who lets time pass: the thread that answers a request, by sleeping. Other threads follow it: they wait until their time
has come by somebody else's doing. Only if a request is being answered and nothing is heard for a while (its thread
waits for one of them), the one that is due first lets time pass. While the user's browser is at work the clock stands.

asyncio's loop is covered by way of the selector that it uses.

Not covered, hence real: time-outs of sockets, other selectors, subprocesses and SimpleQueue, Lock.acquire(timeout),
Thread.join(timeout), perf_counter, process_time, clock_gettime, whatever C code asks of the system (ssl judges
certificates by the system's clock), and what modules imported earlier hold on to: install() refuses, and names them.
"""
import contextlib
import datetime
import queue
import selectors
import sys
import threading
import time

GRACE = 0.25  # real seconds for other threads to end a timed wait, before its time is let pass
IDLE = 1.0  # real seconds without news, after which a thread that only follows lets time pass
TICK = 0.001  # virtual seconds that pass at least, or what is due in less than the clock can tell would never come
GLANCE = 0.02  # real seconds of a sleep while the browser is at work

REAL = {name: getattr(time, name) for name in (
    "time", "time_ns", "monotonic", "monotonic_ns", "sleep", "localtime", "gmtime", "ctime", "asctime", "strftime")}
REAL_DATE, REAL_DATETIME = datetime.date, datetime.datetime
REAL_WAIT = threading.Condition.wait


class VirtualTime:
    def __init__(self, kit):
        self._kit = kit
        self._last = None  # the time that was told last
        self._monotonic = REAL["monotonic"]()
        self._heard = REAL["monotonic"]()  # when, really
        self._due = {}  # thread -> the moment, by our monotonic clock, until which it waits
        self._news = threading.Condition()

    def moved(self):
        """The kit was told the time. A clock that is put back leaves the monotonic one alone."""
        with self._news:
            told = self._kit.told
            self._monotonic += 0 if self._last is None else max(told - self._last, 0)
            self._last, self._heard = told, REAL["monotonic"]()
            self._news.notify_all()

    # What the clocks read

    def time(self):
        if self._last is None:
            return REAL["time"]()  # nobody has set the clock yet
        # Asked anew during a call: other clients of the run let time pass, too.
        return self._kit.now() if self._drives() else self._kit.told

    def monotonic(self):
        self.time()
        return self._monotonic

    # Waiting

    def sleep(self, seconds):
        if seconds <= 0 or self._last is None:
            REAL["sleep"](seconds)
        elif self._drives() and self._kit.is_browsing():
            REAL["sleep"](min(seconds, GLANCE))
        elif self._drives():
            self._kit.sleep(max(seconds, TICK))
        else:
            self._follow(self._monotonic + seconds)

    def wait(self, condition, timeout=None):
        """threading.Condition.wait, on which events, semaphores, queues and futures rest."""
        if timeout is None or timeout <= 0 or self._last is None:
            return REAL_WAIT(condition, timeout)
        due = self._monotonic + timeout
        with self._waiting_for(due):
            while self._monotonic < due:
                if REAL_WAIT(condition, self._patience()):
                    return True
                self._let_pass(due)
        return False

    def select(self, really, timeout, has_sockets):
        """What an asyncio loop waits in. Replies come by sockets: these get a while before a time-out is let come."""
        if timeout is None or timeout <= 0 or self._last is None:
            return really(timeout)
        due = self._monotonic + timeout
        with self._waiting_for(due):
            while self._monotonic < due:
                ready = really(IDLE if has_sockets else self._patience())
                if ready:
                    return ready
                self._let_pass(due)
        return []

    def _follow(self, due):
        with self._waiting_for(due):
            while self._monotonic < due:
                with self._news:
                    REAL_WAIT(self._news, GRACE)
                self._let_pass(due)

    def _let_pass(self, due):
        """Lets virtual time pass if it is this thread's turn."""
        if self._monotonic >= due or self._kit.calling is None or self._kit.is_browsing():
            return
        idle = REAL["monotonic"]() - self._heard >= IDLE
        if self._drives() or (idle and due == min(list(self._due.values()))):
            self._kit.sleep(max(due - self._monotonic, TICK))

    def _patience(self):
        """Nobody can end the wait of the only thread that is awake: why wait?"""
        awake = [thread for thread in threading.enumerate()
                 if thread.ident not in self._due and thread is not self._kit.reader]
        return GRACE if awake or not self._drives() or self._kit.is_browsing() else 0

    def _drives(self):
        return threading.get_ident() == self._kit.calling

    @contextlib.contextmanager
    def _waiting_for(self, due):
        self._due[threading.get_ident()] = due
        try:
            yield
        finally:
            del self._due[threading.get_ident()]

    # Putting it in place

    def install(self):
        late = holding_the_real_clock()
        if late:
            raise RuntimeError(f"patch_time() comes too late: {', '.join(late)} hold on to the real clock")
        time.time, time.monotonic, time.sleep = self.time, self.monotonic, self.sleep
        time.time_ns = lambda: round(self.time() * 1e9)
        time.monotonic_ns = lambda: round(self.monotonic() * 1e9)
        for name in ("localtime", "gmtime", "ctime"):
            setattr(time, name, self._defaulting(REAL[name], self.time))
        time.asctime = self._defaulting(REAL["asctime"], time.localtime)
        time.strftime = lambda form, moment=None: REAL["strftime"](form, time.localtime() if moment is None else moment)
        datetime.date, datetime.datetime = calendars(self.time)
        selectors.DefaultSelector = self._selector()
        threading.Condition.wait = lambda condition, timeout=None: self.wait(condition, timeout)
        threading._time = queue.time = self.monotonic  # what they imported by name

    def _selector(self):
        clock = self

        class Selector(selectors.DefaultSelector):
            def select(self, timeout=None):
                return clock.select(super().select, timeout, has_sockets=len(self.get_map()) > 1)  # one wakes the loop

        return Selector

    @staticmethod
    def _defaulting(function, default):
        return lambda moment=None: function(default() if moment is None else moment)


def calendars(now):
    """datetime.date and datetime.datetime, whose C code asks the system, with `now` instead. The real ones' objects
    count as theirs, since C code goes on making them."""
    class Kind(type):
        def __instancecheck__(cls, value):
            return isinstance(value, cls.real)

        def __subclasscheck__(cls, other):
            return issubclass(other, cls.real)

    class date(REAL_DATE, metaclass=Kind):
        real = REAL_DATE

        @classmethod
        def today(cls):
            return cls.fromtimestamp(now())

    class datetime_(REAL_DATETIME, metaclass=Kind):
        real = REAL_DATETIME

        @classmethod
        def now(cls, tz=None):
            return cls.fromtimestamp(now(), tz)

        @classmethod
        def today(cls):
            return cls.fromtimestamp(now())

        @classmethod
        def utcnow(cls):
            return cls.fromtimestamp(now(), datetime.timezone.utc).replace(tzinfo=None)

    for kind, name in ((date, "date"), (datetime_, "datetime")):
        kind.__module__, kind.__name__, kind.__qualname__ = "datetime", name, name  # so that pickle finds them
    return date, datetime_


def holding_the_real_clock():
    """Modules, not the standard library's, that imported by name what is about to be replaced."""
    replaced = {id(value) for value in (*REAL.values(), REAL_DATE, REAL_DATETIME)}
    ours = {"kit", "kit_time", *sys.stdlib_module_names}
    return sorted(name for name, module in list(sys.modules.items())
                  if name.partition(".")[0] not in ours
                  and any(id(value) in replaced for value in list(getattr(module, "__dict__", {}).values())))
