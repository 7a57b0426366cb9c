"""Leaves a process behind that has a session of its own and no parent: begets.py end|stay [FILE].

That one says its number on stdout, and in the file."""
import os
import pathlib
import signal
import sys
import time

said, saying = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        print(os.getpid(), flush=True)
        for file in sys.argv[2:]:
            pathlib.Path(file).write_text(str(os.getpid()))
        for stream in range(3):
            os.close(stream)
        os.close(saying)
        time.sleep(3600)
    os._exit(0)
os.wait()
os.close(saying)
os.read(said, 1)  # who ends earlier takes the other along before it could say anything
if sys.argv[1] == "stay":
    time.sleep(3600)
