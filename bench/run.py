"""Measures assay beside its peers in one run and prints one table (README.md says how to read it).

Every figure is to be compared within the run only: single numbers from shared machines mean little. The server has one
core, the load the other.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import issuing
import libraries
import memory
from measuring import CORES, Table, openssl_rate
from servers import servers

PARTS = ("tokens", "flows", "starts", "memory", "connections", "issuers", "library", "client")


def library(table, binary):
    """The scenario library against auth-core."""
    for transport in ("direct", "http", "https"):
        started = time.monotonic()
        result = subprocess.run([binary, "run", "--transport", transport], capture_output=True, text=True)
        if result.returncode != 0:
            raise RuntimeError(f"assay run --transport {transport} ended with {result.returncode}: "
                               f"{result.stdout}{result.stderr}")
        table.row(f"the scenario library, {transport}", f"{time.monotonic() - started:.2f} s", result.stdout.strip().splitlines()[-1])


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--assay", required=True, type=os.path.abspath, help="path of the assay program, built with the release preset")
    parser.add_argument("--micro", required=True, type=os.path.abspath, help="path of the micro benchmarks")
    parser.add_argument("--client", required=True, type=os.path.abspath, help="path of soak_client, the refresh storm's client")
    parser.add_argument("--python", default=sys.executable, help="an interpreter that has planet_auth and PyJWT")
    parser.add_argument("--seconds", type=int, default=4, help="length of each load, in seconds (default 4)")
    parser.add_argument("--only", choices=PARTS, action="append", help="this part alone; may be repeated")
    parser.add_argument("--alone", action="store_true", help="assay without the other servers")
    return parser.parse_args()


def main():
    options = parse()
    if len(CORES) < 2:
        sys.exit("bench: needs two cores, one for the server and one for the load")
    with tempfile.TemporaryDirectory() as directory:
        measured = servers(options.assay, pathlib.Path(directory))
        if options.alone:
            del measured[1:]
        table = Table([server.name for server in measured])
        parts = {
            "tokens": lambda: issuing.tokens(table, measured, options.seconds),
            "flows": lambda: issuing.flows(table, measured, options.seconds),
            "starts": lambda: issuing.starts(table, measured),
            "memory": lambda: memory.tokens(table, measured),
            "connections": lambda: memory.connections(table, measured, options.seconds),
            "issuers": lambda: memory.issuers(table, measured),
            "library": lambda: library(table, options.assay),
            "client": lambda: libraries.compare(options.assay, options.micro, options.client, options.python, openssl_rate, table.row),
        }
        for name in options.only or PARTS:
            parts[name]()


if __name__ == "__main__":
    main()
