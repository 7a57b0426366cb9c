"""A well-behaved beginning: answers hello, the canary, set_clock and configure, then leaves it to `misbehave`."""
import json
import sys

HELLO = {"protocol": 1, "sut": {"name": "hostile", "version": "1", "language": "python"}, "ops": ["get_access_token"],
         "flows": ["code"], "capabilities": []}


def write(message):
    print(json.dumps(message), flush=True)


def run(misbehave):
    for line in sys.stdin:
        message = json.loads(line)
        if message["op"] == "hello":
            write({"id": message["id"], "ok": HELLO})
        elif message["op"] in ("set_clock", "configure"):
            write({"id": message["id"], "ok": {}})
        elif message["op"] == "shutdown":
            break
        elif message["op"] in HELLO["ops"]:
            misbehave(message["id"])
        else:
            write({"id": message["id"], "unsupported": "no"})
