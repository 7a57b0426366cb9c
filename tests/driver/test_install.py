"""cmake --install, and a project elsewhere that finds the libraries."""

import re
import shutil

from serving import run

PROJECT = """
cmake_minimum_required(VERSION 3.25)
project(elsewhere CXX)
set(CMAKE_CXX_STANDARD 20)
find_package(assay 0.1 REQUIRED)
find_package(GTest REQUIRED)
add_executable(my-tests main.cpp)
target_link_libraries(my-tests PRIVATE assay::mock_server assay::auth_core GTest::gtest_main)
"""


def cached(build_dir, name):
    return re.search(rf"^{name}:\w+=(.*)$", (build_dir / "CMakeCache.txt").read_text(), re.MULTILINE)[1]


def test_the_commands_of_the_pages_install_it(root, build_dir, tmp_path):
    block, other = [text for name in ("auth-core.md", "mock-server-cpp.md")
                    for text in re.findall(r"```sh\n(.*?)```", (root / "docs" / name).read_text(), re.DOTALL)]
    assert block == other
    configure, build, install = [line.split() for line in block.splitlines()]
    configured = run([*configure, "-N", "-B", tmp_path], cwd=root)  # -N: tells what it would do
    assert configured.returncode == 0, configured.stderr
    assert re.search(r'CMAKE_BUILD_TYPE="Release"', configured.stdout), configured.stdout
    preset = build[build.index("--preset") + 1]
    assert preset in run(["cmake", "--build", "--list-presets"], cwd=root).stdout
    # What it would have built is the build under test.
    assert install[2] == f"build/{preset}"
    installed = run([build_dir if word == install[2] else word.replace("PREFIX", str(tmp_path / "prefix"))
                     for word in install])
    assert installed.returncode == 0, installed.stderr
    for program in ("assay", "authctl"):
        assert run([tmp_path / "prefix" / "bin" / program, "--version"]).returncode == 0
    assert list((tmp_path / "prefix").rglob("assayConfig.cmake"))
    shutil.rmtree(tmp_path / "prefix")  # half a gigabyte, which pytest would keep


def test_a_project_elsewhere_finds_the_libraries(root, build_dir, tmp_path):
    prefix = tmp_path / "prefix"
    installed = run(["cmake", "--install", build_dir, "--prefix", prefix, "--component", "library"])
    assert installed.returncode == 0, installed.stderr
    page = (root / "docs" / "mock-server-cpp.md").read_text()
    (tmp_path / "main.cpp").write_text(re.search(r"```cpp\n(.*?)```", page, re.DOTALL)[1])
    (tmp_path / "CMakeLists.txt").write_text(PROJECT)
    # Ninja is what scripts/setup installs; CMake's own choice, make, may not be there.
    configured = run(["cmake", "-G", "Ninja", "-S", tmp_path, "-B", tmp_path / "build", f"-DCMAKE_PREFIX_PATH={prefix}",
                      f"-DCMAKE_CXX_FLAGS={cached(build_dir, 'CMAKE_CXX_FLAGS')}"])
    assert configured.returncode == 0, configured.stderr
    built = run(["cmake", "--build", tmp_path / "build"], timeout=300)
    assert built.returncode == 0, built.stdout[-3000:]
    assert run([tmp_path / "build" / "my-tests"]).returncode == 0
