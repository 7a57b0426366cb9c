"""The package as others have it: installed by pip, run by several workers."""

import os
import sys

from serving import run

TEST = """
def test_whose_server(assay_server, issuer, worker_id):
    issuer.once(endpoint="discovery", optional=True).status(500)
    with open(f"{worker_id}.pid", "w") as file:
        file.write(str(assay_server.ready["pid"]))
"""


def suite(folder):
    folder.mkdir()
    (folder / "test_suite.py").write_text(TEST)
    return folder


def test_pytest_fixture_shipped_as_a_plugin(root, assay_binary, tmp_path):
    """`pip install ./python`: pytest finds the fixtures by the package's entry point, and knows their option."""
    site = tmp_path / "site"
    done = run([sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index",
                "--no-build-isolation", "--no-deps", "--target", site, root / "python"])
    assert done.returncode == 0, done.stderr
    assert (site / "pytest_assay" / "py.typed").is_file()
    folder = suite(tmp_path / "suite")
    done = run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"], cwd=folder,
               env={**os.environ, "PYTHONPATH": str(site), "ASSAY": str(assay_binary)})
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout
    for option, told in (("--help", "--assay=PROGRAM"), ("--markers", "@pytest.mark.assay(")):
        done = run([sys.executable, "-m", "pytest", option], cwd=folder, env={**os.environ, "PYTHONPATH": str(site)})
        assert told in done.stdout


def test_each_xdist_worker_has_a_server_of_its_own(root, assay_binary, tmp_path):
    folder = suite(tmp_path / "suite")
    done = run([sys.executable, "-m", "pytest", "-q", "-p", "pytest_assay", "-p", "no:cacheprovider", "-n", "2",
                "--dist", "each", f"--assay={assay_binary}"], cwd=folder,
               env={**os.environ, "PYTHONPATH": str(root / "python")})
    assert done.returncode == 0, done.stdout + done.stderr
    first, second = ((folder / f"{worker}.pid").read_text() for worker in ("gw0", "gw1"))
    assert first != second
