"""What the tests of authctl share: the program, run in a home directory of its own."""

import json
import os
import pathlib
import subprocess

import pytest

from serving import run

SECRET = "s3cr3t:/%é+"


class Authctl:
    """The program with the options of one client."""

    def __init__(self, program, home, options):
        self.program = program
        self.home = home
        self.options = [str(option) for option in options]
        kept = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")}
        self.environment = {**kept, "HOME": str(home)}
        self.printed = []

    def command(self, *arguments):
        return [str(self.program), *self.options, *map(str, arguments)]

    def __call__(self, *arguments, **options):
        environment = {**self.environment, **options.pop("env", {})}
        done = run(self.command(*arguments), env=environment, cwd=self.home, timeout=60, **options)
        self.printed.append(done.stdout + done.stderr)
        return done

    def json(self, *arguments, **options):
        """The one JSON object that --json puts on stdout."""
        done = self("--json", *arguments, **options)
        return json.loads(done.stdout)

    def start(self, *arguments):
        """The program, running, with its output in pipes."""
        return subprocess.Popen(self.command(*arguments), env=self.environment, cwd=self.home, text=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    @staticmethod
    def read_until(process, text):
        """What it has said on stderr, up to the line with `text`."""
        seen = ""
        while text not in seen:
            line = process.stderr.readline()
            assert line, f"it ended: {seen}"
            seen += line
        return seen

    def with_options(self, *options):
        return Authctl(self.program, self.home, [*self.options, *options])

    def stored(self):
        (path,) = pathlib.Path(self.home).rglob("*.json")
        assert path.stat().st_mode & 0o777 == 0o600
        return json.loads(path.read_text())


@pytest.fixture
def authctl(build_dir, tmp_path):
    """authctl("--auth-server", URL, ...): the program as that client uses it."""
    program = build_dir / "auth-core" / "authctl" / "authctl"
    assert program.is_file(), f"{program} is not built; scripts/test builds it"
    home = tmp_path / "home"
    home.mkdir()
    return lambda *options: Authctl(program, home, options)


@pytest.fixture
def issuer(serve):
    """An issuer in real time whose device codes may be polled each second."""
    return serve().create_issuer(name="real", config={"device": {"interval": 1}})


@pytest.fixture
def service(authctl, issuer, tmp_path):
    """A client that logs in by itself; its secret is in a file."""
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET + "\n")
    return authctl("--auth-server", issuer.url, "--client-id", "service-post", "--client-type",
                   "oidc_client_credentials_secret", "--client-secret-file", secret)


@pytest.fixture
def device(authctl, issuer):
    return authctl("--auth-server", issuer.url, "--client-id", "app", "--client-type", "oidc_device_code",
                   "--scope", "openid", "--scope", "offline_access", "--audience", "https://api.test")


@pytest.fixture
def browser(tmp_path):
    """A program that visits the URL it is given, as a browser does that is logged in already."""
    program = tmp_path / "browser"
    program.write_text("#!/usr/bin/env python3\nimport sys, urllib.request\nurllib.request.urlopen(sys.argv[1]).read()\n")
    program.chmod(0o700)
    return program


@pytest.fixture
def person(authctl, issuer, browser):
    """A client whose user has logged in by code."""
    client = authctl("--auth-server", issuer.url, "--client-id", "app", "--client-type", "oidc_auth_code",
                     "--scope", "openid", "--scope", "offline_access", "--audience", "https://api.test")
    done = client("login", "--open-with", browser)
    assert done.returncode == 0, done.stderr
    return client
