"""scripts/setup on systems that are not ready-made."""

import os
import shutil
import stat

from serving import run

TOOLS = ["bash", "dirname", "id", "cmp", "env", "cat", "nproc", "awk", "sleep", "sed", "sort"]


# A Go compiler that is new enough, as far as it is asked.
GO = 'if [ "$1" = env ]; then echo go1.99; else mkdir -p "$GOBIN"; cp /bin/true "$GOBIN/sops"; fi\n'


def environment(tmp_path, **programs):
    """A PATH with a few real tools and these programs, given as shell text."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in TOOLS:
        (folder / tool).symlink_to(shutil.which(tool))
    for name, text in programs.items():
        program = folder / name.replace("_", "-")
        program.write_text("#!/bin/bash\n" + text)
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return {"PATH": str(folder), "HOME": str(tmp_path)}


def copy_of_setup(root, tmp_path):
    """A tree in which setup finds nothing made."""
    tree = tmp_path / "tree"
    (tree / "scripts").mkdir(parents=True)
    for name in ("setup", "common.sh"):
        shutil.copy2(root / "scripts" / name, tree / "scripts" / name)
    shutil.copy2(root / "requirements-dev.txt", tree)
    return tree / "scripts" / "setup"


def test_without_apt_it_names_what_to_install(root, tmp_path):
    done = run([copy_of_setup(root, tmp_path)], env=environment(tmp_path))
    assert done.returncode == 2
    assert "no apt-get" in done.stderr
    for package in ("cmake", "libyaml-cpp-dev", "nlohmann-json3-dev", "ASSAY_SKIP_SETUP"):
        assert package in done.stderr


def test_it_installs_only_what_is_missing(root, tmp_path):
    log = tmp_path / "apt.log"
    env = environment(
        tmp_path,
        dpkg_query='case $3 in ccache|curl) exit 1;; *) printf installed;; esac\n',
        apt_get=f'echo "$@" >>{log}\n',
        sudo='"$@"\n',
        python3=f'mkdir -p "$4/bin"; cp {shutil.which("true")} "$4/bin/python"\n',
        go=GO,
    )
    env["PATH"] += os.pathsep + "/bin"  # mkdir, cp
    setup = copy_of_setup(root, tmp_path)
    done = run([setup], env=env)
    assert done.returncode == 0, done.stderr
    (line,) = log.read_text().splitlines()
    assert line.split()[-2:] == ["ccache", "curl"]
    assert "update" not in line
    assert (tmp_path / "tree" / ".venv" / "requirements-installed.txt").exists()
    assert (tmp_path / "tree" / ".tools" / "bin" / "sops").exists()
    assert not (tmp_path / "tree" / ".tools" / "build").exists()
    told = done.stderr.splitlines()
    assert [line.split(",")[0] for line in told] == [
        "setup: installing Debian packages", "setup: installing Python packages into .venv", "setup: building sops v3.9.4"]

    # A clone of the same user finds sops made already.
    (tmp_path / "tree" / ".tools" / "bin" / "sops").unlink()
    (tmp_path / "bin" / "go").write_text("#!/bin/bash\nexit 1\n")
    assert run([setup, "unit"], env=env).returncode == 0
    assert (tmp_path / "tree" / ".tools" / "bin" / "sops").exists()


def test_to_run_the_programs_takes_neither_browser_nor_python_nor_sops(root, tmp_path):
    env = environment(tmp_path, dpkg_query="exit 1\n", apt_get=f'echo "$@" >>{tmp_path}/apt.log\n', sudo='"$@"\n')
    setup = copy_of_setup(root, tmp_path)
    done = run([setup, "run"], env=env)
    assert done.returncode == 0, done.stderr
    (line,) = (tmp_path / "apt.log").read_text().splitlines()
    installed = line.split()
    assert "g++" in installed and "libssl-dev" in installed
    for name in ("chromium", "age", "ccache", "libgtest-dev", "libbenchmark-dev", "clang-tidy-14", "python3"):
        assert name not in installed
    assert not (tmp_path / "tree" / ".venv").exists() and not (tmp_path / "tree" / ".tools").exists()


def test_where_all_is_there_it_says_nothing(root):
    done = run([root / "scripts" / "setup"])
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_lists_are_fetched_once_the_first_try_failed(root, tmp_path):
    log = tmp_path / "apt.log"
    env = environment(
        tmp_path,
        dpkg_query='[ "$3" != curl ] && printf installed\n',
        apt_get=f'echo "$1" >>{log}; [ "$1" = update ] || [ "$(grep -c install {log})" -gt 1 ]\n',
        sudo='"$@"\n', python3='mkdir -p "$4/bin"; cp /bin/true "$4/bin/python"\n', go=GO,
    )
    env["PATH"] += os.pathsep + "/bin"
    done = run([copy_of_setup(root, tmp_path)], env=env)
    assert done.returncode == 0, done.stderr
    assert log.read_text().split() == ["install", "update", "install"]


def test_wrong_usage_is_told(root):
    assert run([root / "scripts" / "setup", "everything"]).returncode == 2
