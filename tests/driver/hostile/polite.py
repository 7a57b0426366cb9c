"""A well-behaved beginning: answers hello, the canary, set_clock and configure, then leaves it to `misbehave`."""
import json
import sys

HELLO = {"protocol": 2, "sut": {"name": "hostile", "version": "1", "language": "python"}, "ops": ["get_access_token"],
         "flows": ["code"], "capabilities": []}


def write(message):
    print(json.dumps(message), flush=True)


def run(misbehave, reads=None, on_op=None, **hello):
    """`hello`: other members of it; `reads`: what the answer to set_clock says; `on_op` is told of every operation."""
    for line in sys.stdin:
        message = json.loads(line)
        if on_op:
            on_op(message["op"])
        if message["op"] == "hello":
            write({"id": message["id"], "ok": {**HELLO, **hello}})
        elif message["op"] in ("set_clock", "configure"):
            write({"id": message["id"], "ok": reads or {}})
        elif message["op"] == "shutdown":
            break
        elif message["op"] in HELLO["ops"]:
            misbehave(message["id"])
        else:
            write({"id": message["id"], "unsupported": "no"})


def nap(number, seconds):
    """Asks for some sleep and waits until it is over."""
    write({"ev": "sleep", "n": number, "for": seconds})
    sys.stdin.readline()
