"""Puts something into its storage directory and gives the token that it is asked for: plants.py WHAT [WHERE]."""
import json
import os
import subprocess
import sys

WHAT, *WHERE = sys.argv[1:]


def sparse(folder):
    with open(f"{folder}/large", "wb") as file:
        file.truncate(512 << 20)


def many(folder):
    for number in range(20_000):
        open(f"{folder}/{number}", "w", encoding="utf-8").close()


def deep(folder):
    for _ in range(300):
        folder += "/d"
        os.mkdir(folder)


def link(folder):
    os.symlink(WHERE[0], f"{folder}/token.json")


def hard_link(folder):
    os.link(WHERE[0], f"{folder}/token.json")


def becomes_link(folder):
    os.rmdir(folder)
    os.symlink(os.path.dirname(WHERE[0]), folder)


def daemon(_):
    begets = os.path.join(os.path.dirname(os.path.realpath(__file__)), "begets.py")
    subprocess.run([sys.executable, begets, "end", WHERE[0]], check=True, stdout=subprocess.DEVNULL)


def escapes(folder):
    with open(f"{folder}/\x9b31m\u202edrawkcab", "w", encoding="utf-8") as file:
        file.write("\x9b31m")


for line in sys.stdin:
    message = json.loads(line)
    answer = {"ok": {}}
    if message["op"] == "hello":
        answer = {"ok": {"protocol": 2, "sut": {"name": "plants", "version": "1", "language": "python"}, "ops": ["get_access_token"],
                         "flows": ["client_credentials"], "capabilities": ["storage"], "auth_methods": ["client_secret_basic"]}}
    elif message["op"] == "configure":
        globals()[WHAT](message["storage_dir"])
    elif message["op"] == "get_access_token":
        answer = {"ok": {"access_token": "none"}}
    elif message["op"] == "shutdown":
        break
    elif message["op"].startswith("zz_"):
        answer = {"unsupported": "no"}
    print(json.dumps({"id": message["id"], **answer}), flush=True)
