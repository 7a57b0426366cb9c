"""Each rule of scripts/lint is broken in a copy of the tree, and lint must fail and say which."""

import os
import shutil

import pytest

from serving import run


@pytest.fixture(scope="module")
def clean_copy(root, tmp_path_factory):
    """What lint looks at, without builds and without git."""
    copy = tmp_path_factory.mktemp("tree") / "assay"
    ignored = shutil.ignore_patterns("build", "out", ".venv", ".git", "node_modules", "__pycache__")
    shutil.copytree(root, copy, ignore=ignored)
    return copy


def lint(tree, mode="--rules", **environment):
    return run([tree / "scripts" / "lint", mode], timeout=300,
               env={**os.environ, "ASSAY_SKIP_SETUP": "1", **environment})


def test_the_tree_keeps_the_rules(clean_copy):
    done = lint(clean_copy)
    assert (done.returncode, done.stderr) == (0, "")


INCLUDE = '#include "{}"\n'
RULES = {
    "oidc includes ours": ("oidc/src/broken.cpp", INCLUDE.format("authcore/auth.hpp"), "oidc/ includes nothing"),
    "oidc header includes ours": ("oidc/include/oidc/broken.hpp", "#pragma once\n#include <mockserver/issuer.hpp>\n",
                                  "oidc/ includes nothing"),
    "auth-core sees mock-server": ("auth-core/src/broken.cpp", INCLUDE.format("mockserver/issuer.hpp"),
                                   "auth-core/ includes only oidc/"),
    "auth-core sees scenarios": ("auth-core/src/a/b/broken.cpp", INCLUDE.format("scenarios/scenario.hpp"),
                                 "auth-core/ includes only oidc/"),
    "mock-server sees auth-core": ("mock-server/src/broken.cpp", "  #  include \"authcore/auth.hpp\"\n",
                                   "mock-server/ includes only oidc/"),
    "scenarios sees conformance": ("scenarios/src/broken.cpp", INCLUDE.format("conformance/report.hpp"),
                                   "scenarios/ does not include"),
    "conformance sees cli": ("conformance/src/broken.cpp", INCLUDE.format("cli/data.hpp"), "conformance/ does not include"),
    "a way around": ("auth-core/src/broken.cpp", INCLUDE.format("../../mock-server/src/jose/jws.hpp"), "public headers"),
    "wall clock": ("auth-core/src/broken.cpp", "auto t = std::chrono::system_clock::now();\n", "time comes from"),
    "steady clock": ("mock-server/src/broken.cpp", "auto t = std::chrono::steady_clock::now();\n", "time comes from"),
    "sleep": ("cli/broken.cpp", "std::this_thread::sleep_for(1s);\n", "time comes from"),
    "sleep until": ("scenarios/src/broken.cpp", "std::this_thread::sleep_until(t);\n", "time comes from"),
    "C time": ("conformance/src/broken.cpp", "long t = time(nullptr);\n", "time comes from"),
    "C random": ("mock-server/src/broken.cpp", "int r = std::rand();\n", "time comes from"),
    "random device": ("auth-core/src/broken.cpp", "std::random_device device;\n", "time comes from"),
    "Mersenne twister": ("tests/unit/auth-core/broken_test.cpp", "std::mt19937 engine;\n", "time comes from"),
    "OpenSSL random": ("auth-core/src/broken.cpp", "RAND_bytes(buffer, 16);\n", "time comes from"),
    "printed as it came": ("cli/broken.cpp", 'fmt::print("{}", text);\n', "by oidc::say"),
    "written as it came": ("auth-core/src/broken.cpp", "std::cerr << text;\n", "by oidc::say"),
    "long file": ("cli/broken.cpp", "int x;\n" * 401, "at most 400 lines"),
    "long test": ("tests/driver/broken.py", "x = 1\n" * 401, "at most 400 lines"),
    "left to do": ("cli/broken.cpp", "// TO" + "DO: later\n", "left to do"),
    "left to do in a script": ("scripts/broken", "# FIX" + "ME\n", "left to do"),
    "skipped test": ("tests/unit/cli/broken_test.cpp", "GTEST_" + "SKIP();\n", "no test is skipped"),
    "skipped pytest": ("tests/driver/test_broken.py", "@pytest.mark." + "skip\n", "no test is skipped"),
    "folder without README": ("attic/old.txt", "x\n", "has a README.md"),
    "header without guard": ("cli/broken.hpp", "int x();\n", "#pragma once"),
}


@pytest.mark.parametrize("path, text, rule", RULES.values(), ids=RULES.keys())
def test_a_broken_rule_is_told(clean_copy, path, text, rule):
    file = clean_copy / path
    missing = [folder for folder in reversed(file.parents) if not folder.exists()]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    try:
        done = lint(clean_copy)
    finally:
        file.unlink()
        for folder in reversed(missing):
            folder.rmdir()
    assert done.returncode == 1
    assert [line for line in done.stderr.splitlines() if line.startswith("lint:") and rule in line], done.stderr
    assert path.rpartition("/")[2].split(".")[0] in done.stderr or path.split("/")[0] in done.stderr


@pytest.mark.parametrize("path, text, tool", [
    ("cli/broken.cpp", "int  x   ;\n", "clang-format"),
    ("scripts/broken.sh", "#!/bin/bash\ncd $1\n", "shellcheck"),
])
def test_a_tools_finding_is_told(clean_copy, path, text, tool):
    file = clean_copy / path
    file.write_text(text)
    try:
        done = lint(clean_copy, "--fast")
    finally:
        file.unlink()
    assert done.returncode == 1
    assert tool in done.stderr and path in done.stderr


def path_without(tool, folder):
    """A PATH with all programs of this machine but one."""
    folder.mkdir()
    for directory in os.environ["PATH"].split(os.pathsep):
        for program in os.scandir(directory) if os.path.isdir(directory) else ():
            if program.name != tool and not (folder / program.name).is_symlink():
                (folder / program.name).symlink_to(program.path)
    return str(folder)


@pytest.mark.parametrize("tool", ["clang-tidy-14", "clang-format-14", "shellcheck"])
@pytest.mark.parametrize("mode", ["--fast", ""])
def test_a_missing_tool_is_no_clean_tree(clean_copy, tmp_path, tool, mode):
    arguments = [mode] if mode else []
    done = run([clean_copy / "scripts" / "lint", *arguments],
               env={**os.environ, "ASSAY_SKIP_SETUP": "1", "PATH": path_without(tool, tmp_path / "bin")})
    assert done.returncode == 2
    assert tool in done.stderr


def test_setup_comes_first_unless_it_is_only_about_text(clean_copy):
    """A setup that refuses is what the user sees; the text rules need no tools."""
    setup = clean_copy / "scripts" / "setup"
    real = setup.read_text()
    setup.write_text("#!/bin/bash\nexit 2\n")
    try:
        assert lint(clean_copy, "--fast").returncode == 2
        assert lint(clean_copy).returncode == 0
    finally:
        setup.write_text(real)


@pytest.fixture
def repository(root, tmp_path):
    """A small tree of two commits; the last one brought cli/newer.cpp. clang-tidy notes whom it was shown."""
    tree = tmp_path / "tree"
    shutil.copytree(root / "scripts", tree / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(root / ".clang-format", tree)
    (tree / "scripts" / "setup").write_text("#!/bin/bash\n")
    (tree / "cli").mkdir()
    (tree / "cli" / "README.md").write_text("cli\n")
    (tree / "CMakeLists.txt").write_text("cmake_minimum_required(VERSION 3.25)\nproject(tree LANGUAGES NONE)\n")
    (tree / ".gitignore").write_text("/build/\n")
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "clang-tidy-14").write_text(f'#!/bin/bash\necho "${{@: -1}}" >>{tmp_path}/shown\n')
    (tools / "clang-tidy-14").chmod(0o755)

    def git(*arguments):
        done = run(["git", "-C", tree, "-c", "user.name=x", "-c", "user.email=x@example.org", *arguments])
        assert done.returncode == 0, done.stderr

    git("init", "-q")
    for name in ("older", "newer"):
        (tree / "cli" / f"{name}.cpp").write_text("int x;\n")
        git("add", ".")
        git("commit", "-q", "-m", name)

    def shown():
        done = lint(tree, "--fast", PATH=os.pathsep.join([str(tools), os.environ["PATH"]]))
        found = tmp_path / "shown"
        names = sorted(found.read_text().split()) if found.exists() else []
        found.unlink(missing_ok=True)
        return names, done

    return tree, git, shown


def test_a_clean_checkout_tidies_what_its_last_commit_brought(repository):
    _, _, shown = repository
    names, done = shown()
    assert (done.returncode, done.stderr) == (0, "")
    assert names == ["cli/newer.cpp"]


def test_a_working_day_tidies_what_is_not_committed_too(repository):
    tree, _, shown = repository
    (tree / "cli" / "older.cpp").write_text("int y;\n")
    (tree / "cli" / "newest.cpp").write_text("int z;\n")
    names, done = shown()
    assert names == ["cli/newer.cpp", "cli/newest.cpp", "cli/older.cpp"], done.stderr


def test_without_a_previous_commit_it_says_that_nothing_was_tidied(repository):
    _, git, shown = repository
    git("update-ref", "HEAD", "HEAD~1")
    git("reset", "-q", "--hard")
    names, done = shown()
    assert names == []
    assert "no previous commit" in done.stderr


def test_a_tool_that_breaks_down_is_no_clean_tree(repository, tmp_path):
    _, _, shown = repository
    (tmp_path / "bin" / "clang-tidy-14").write_text("#!/bin/bash\nexit 3\n")
    names, done = shown()
    assert done.returncode == 1
    assert "clang-tidy-14" in done.stderr


def test_wrong_usage_is_told(clean_copy):
    assert lint(clean_copy, "--everything").returncode == 2
