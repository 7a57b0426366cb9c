"""What the parts of the run share: cores, processes, loads, and the table."""

import contextlib
import json
import os
import pathlib
import re
import subprocess

HERE = pathlib.Path(__file__).parent
# Two of the cores that this process may use: in a container they need not be 0 and 1.
CORES = [str(core) for core in sorted(os.sched_getaffinity(0))]
SERVER_CORE, LOAD_CORE = CORES[0], CORES[-1]


def openssl_rate(algorithm, column):
    """Operations per second on one core: column 0 signs, 1 verifies."""
    text = subprocess.run(["taskset", "-c", SERVER_CORE, "openssl", "speed", "-seconds", "2", algorithm],
                          capture_output=True, text=True, check=True).stdout
    return float(text.strip().splitlines()[-1].split()[-2 + column])


def load(kind, url, *more, connections=16, seconds=3):
    """(finished per second, 99th percentile in ms, finished) of a kind of load in load.lua."""
    result = subprocess.run(
        ["taskset", "-c", LOAD_CORE, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s", HERE / "load.lua", url, "--", kind, *more],
        capture_output=True, text=True, check=True, timeout=seconds + 60)
    numbers = json.loads(result.stdout.strip().splitlines()[-1])
    if numbers["errors"] or not numbers["finished"]:
        raise RuntimeError(f"{kind} at {url}: {numbers}")
    return numbers["finished"] / numbers["duration_us"] * 1e6, numbers["p99_us"] / 1000, numbers["finished"]


def resident_mib(pid):
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) / 1024


class Table:
    """One row for each figure, one column for each server; printed as it grows."""

    WIDTHS = (50, 13, 13, 13, 13)

    def __init__(self, columns):
        self.columns = columns
        self._print(["", *columns], "")

    def _print(self, cells, note):
        name, *values = cells
        line = f"{name:<{self.WIDTHS[0]}}" + "".join(f"{value:>{width}}" for value, width in zip(values, self.WIDTHS[1:]))
        print(f"{line}   {note}".rstrip(), flush=True)

    def row(self, name, values, note=""):
        """`values`: by column, or one text for the first column."""
        if isinstance(values, str):
            values = {self.columns[0]: values}
        self._print([name, *(values.get(column, "-") for column in self.columns)], note)


@contextlib.contextmanager
def running(command, directory, environment):
    """A process on the server's core that ends with the block."""
    with subprocess.Popen(["taskset", "-c", SERVER_CORE, *map(str, command)], cwd=directory, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**os.environ, **environment}) as process:
        try:
            yield process
        finally:
            process.stdin.close()
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=5)
            process.kill()
