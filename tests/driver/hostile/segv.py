"""Dies of a segmentation fault in the middle of a call."""
import os
import signal

import polite

polite.run(lambda number: os.kill(os.getpid(), signal.SIGSEGV))
