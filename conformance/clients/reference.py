#!/usr/bin/env python3
"""The reference client behind the adapter protocol: `assay run --client 'python3 conformance/clients/reference.py'`.

    --variant NAME   choose differently, as is legal
    --fault NAME     do one thing wrong
    --list-variants, --list-faults   print the names
"""
import argparse
import time

from kit import Kit
from reference import faults
from reference.client import Client
from reference.policy import DEFAULT, VARIANTS


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--variant", choices=sorted(VARIANTS), metavar="NAME")
    parser.add_argument("--fault", choices=sorted(faults.FAULTS), metavar="NAME", default="")
    parser.add_argument("--list-variants", action="store_true")
    parser.add_argument("--list-faults", action="store_true")
    options = parser.parse_args()
    if options.list_variants or options.list_faults:
        for name, text in faults.FAULTS.items() if options.list_faults else VARIANTS.items():
            print(f"{name:30} {text if options.list_faults else text[0]}")
        return
    faults.active = options.fault
    serve(VARIANTS[options.variant][1] if options.variant else DEFAULT)


def serve(policy):
    kit = Kit()
    if policy.time == "real":
        kit.now, kit.sleep = time.time, time.sleep
    clients = []

    def configure(config):
        clients.append(Client(kit, config, policy))

    def operation(name):
        return lambda args: getattr(clients[-1], name)(args)

    operations = {"configure": configure, **{name: operation(name) for name in policy.ops()}}
    kit.serve(operations, name="reference", version="2.0", **policy.hello())


if __name__ == "__main__":
    main()
