"""What the Containerfile says of the program holds, and the image it describes would run."""

import json
import os
import re
import shutil
import socket
import subprocess

import pytest
import requests

from serving import run


@pytest.fixture
def containerfile(root):
    return (root / "Containerfile").read_text().replace("\\\n", "")


def instruction(text, name):
    return re.findall(rf"^{name} (.*)$", text, re.MULTILINE)[-1]


def words(text, name):
    return json.loads(re.search(r"\[.*\]", instruction(text, name))[0])


def variables(text):
    return dict(pair.split("=") for pair in instruction(text, "ENV").split())


def test_its_variables_are_those_of_the_program(containerfile, assay):
    text = run([assay, "serve", "--help"]).stdout
    for name in variables(containerfile):
        assert f"Env:{name}" in text.replace("\n", " "), name


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return str(listener.getsockname()[1])


def test_its_commands_serve_and_tell_their_health(containerfile, assay):
    """The entry point with the image's environment, on ports that are free here."""
    environment = {**variables(containerfile), "ASSAY_PORT": "0", "ASSAY_CONTROL_PORT": free_port()}
    program, *_ = words(containerfile, "ENTRYPOINT")
    assert program.endswith("/assay")
    with subprocess.Popen([assay, *words(containerfile, "CMD")], env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, text=True) as process:
        ready = json.loads(process.stdout.readline())
        name, *arguments = words(containerfile, "HEALTHCHECK")
        assert name == program
        assert run([assay, *arguments], env=environment).returncode == 0
        port = ready["issuer"].rsplit(":", 1)[1].split("/")[0]
        seen = requests.get(f"http://127.0.0.1:{port}/main/.well-known/openid-configuration",
                            headers={"Host": "oidc.test:8080"}, timeout=10).json()
        assert seen["issuer"] == "http://oidc.test:8080/main"
        process.terminate()
        assert process.wait(timeout=5) == 0
    assert run([assay, *arguments], env=environment).returncode == 1


def test_the_program_needs_nothing_but_its_libraries(assay, tmp_path):
    """The image as a directory: the program and what the loader asks for, and nothing else."""
    image = tmp_path / "image"
    (image / "usr/bin").mkdir(parents=True)
    shutil.copy(assay, image / "usr/bin/assay")
    for library in re.findall(r"/[^ \n]+", subprocess.run(["ldd", assay], capture_output=True, text=True, check=True).stdout):
        if not library.startswith(str(assay)):
            (image / library[1:]).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(os.path.realpath(library), image / library[1:])
    # A container has /proc, this directory has not: LeakSanitizer can't do without, and looks for its options there.
    (image / "proc/self").mkdir(parents=True)
    (image / "proc/self/environ").write_text("ASAN_OPTIONS=detect_leaks=0\0")
    inside = ["chroot", image] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--root", image]
    minted = run([*inside, "/usr/bin/assay", "mint", "--issuer", "https://x.example"])
    assert minted.returncode == 0, minted.stderr
    served = run([*inside, "/usr/bin/assay", "serve"])
    assert served.returncode == 0 and json.loads(served.stdout)["issuer"], served.stderr
