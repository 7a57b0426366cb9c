"""authctl as a person sees it: on a terminal, and with Ctrl-C."""

import os
import pty
import re
import select
import signal
import time

import pytest

from authctl import authctl, device, issuer  # noqa: F401  (fixtures)


class Terminal:
    """A program on a terminal of its own."""

    def __init__(self, client, *arguments):
        command = client.command(*arguments)
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(client.home)
            os.execve(command[0], command, client.environment)
        self.seen = ""

    def read_until(self, pattern):
        deadline = time.monotonic() + 30
        while not re.search(pattern, self.seen):
            assert time.monotonic() < deadline, self.seen
            if select.select([self.fd], [], [], 1)[0]:
                try:
                    chunk = os.read(self.fd, 4096)
                except OSError:  # the other end is closed
                    chunk = b""
                assert chunk, self.seen
                self.seen += chunk.decode(errors="replace")
        return re.search(pattern, self.seen)

    def type(self, text):
        os.write(self.fd, text.encode())

    def end(self):
        """The exit code; what was printed until then is in `seen`."""
        while True:
            try:
                chunk = os.read(self.fd, 4096)
            except OSError:
                break
            if not chunk:
                break
            self.seen += chunk.decode(errors="replace")
        _, status = os.waitpid(self.pid, 0)
        os.close(self.fd)
        return os.waitstatus_to_exitcode(status)


@pytest.fixture
def by_code(authctl, issuer):
    return authctl("--auth-server", issuer.url, "--client-id", "app", "--client-type", "oidc_auth_code",
                   "--redirect-uri", "http://127.0.0.1:49152/callback", "--scope", "openid")


def test_a_code_is_typed_unseen(by_code, issuer):
    terminal = Terminal(by_code, "login", "--no-browser")
    url = terminal.read_until(r"visit (http\S+) and")[1]
    terminal.read_until("Code: ")
    answer = issuer.control("POST", "/authorize", {"url": url, "decision": "approve"})["redirect_to"]
    code = re.search(r"[?&]code=([^&]+)", answer)[1]
    terminal.type(code + "\n")
    assert terminal.end() == 0, terminal.seen
    assert "Logged in." in terminal.seen
    assert code not in terminal.seen


def test_ctrl_c_ends_a_hidden_question(by_code):
    terminal = Terminal(by_code, "login", "--no-browser")
    terminal.read_until("Code: ")
    terminal.type("\x03")
    assert terminal.end() == 130
    assert list(by_code.home.rglob("*.json")) == []


def test_a_device_login_counts_down_and_draws_a_qr_code(device):
    terminal = Terminal(device, "login")
    terminal.read_until("10:00 left")
    terminal.read_until("9:5[0-9] left")
    assert "\u2580" in terminal.seen
    terminal.type("\x03")
    assert terminal.end() == 130


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_wait_and_keeps_nothing(device, number):
    process = device.start("login")
    device.read_until(process, "left")
    process.send_signal(number)
    stdout, _ = process.communicate(timeout=10)
    assert process.returncode == 130
    assert stdout == ""
    assert list(device.home.rglob("*.json")) == []


def test_a_signal_ends_the_wait_for_the_browser(authctl, issuer):
    client = authctl("--auth-server", issuer.url, "--client-id", "app", "--client-type", "oidc_auth_code")
    process = client.start("--json", "login", "--open-with", "/bin/true")
    client.read_until(process, "left")
    process.send_signal(signal.SIGINT)
    stdout, _ = process.communicate(timeout=10)
    assert process.returncode == 130
    assert '"cancelled"' in stdout


def test_ctrl_c_ends_the_wait_for_a_token_on_stdin(authctl):
    terminal = Terminal(authctl(), "jwt", "decode")
    terminal.read_until("Waiting for a token")
    os.kill(terminal.pid, signal.SIGINT)
    assert terminal.end() == 130, terminal.seen


def test_a_question_needs_a_terminal(by_code):
    done = by_code("login", "--no-browser", start_new_session=True)
    assert done.returncode == 1
    assert "no terminal" in done.stderr
