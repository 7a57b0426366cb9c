#!/usr/bin/env python3
"""The reference client behind the adapter protocol: `assay run --client 'python3 conformance/clients/reference.py'`.

    --fault NAME    do one thing wrong
    --list-faults   print the names
"""
import argparse

from kit import Kit
from reference import faults
from reference.session import Session

OPERATIONS = ("login", "device_initiate", "device_complete", "get_access_token", "refresh", "request", "ensure_ready",
              "validate", "storage_seed")
CAPABILITIES = ["virtual_clock", "storage", "typed_errors", "three_quarter_refresh", "storage_format_planet_auth"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fault", choices=sorted(faults.FAULTS), metavar="NAME", default="")
    parser.add_argument("--list-faults", action="store_true")
    options = parser.parse_args()
    if options.list_faults:
        for name, text in faults.FAULTS.items():
            print(f"{name:28} {text}")
        return
    faults.active = options.fault

    kit = Kit()
    sessions = []

    def configure(config):
        sessions.append(Session(kit, config))

    def operation(name):
        return lambda args: getattr(sessions[-1], name)(args)

    kit.serve({"configure": configure, **{name: operation(name) for name in OPERATIONS}}, name="reference",
              version="1.0", flows=["code", "device", "client_credentials"], capabilities=CAPABILITIES)


if __name__ == "__main__":
    main()
