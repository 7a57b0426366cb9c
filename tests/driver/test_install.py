"""cmake --install, and a project elsewhere that finds the libraries."""

import re

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


def test_a_project_elsewhere_finds_the_libraries(root, build_dir, tmp_path):
    prefix = tmp_path / "prefix"
    installed = run(["cmake", "--install", build_dir, "--prefix", prefix, "--component", "library"])
    assert installed.returncode == 0, installed.stderr
    page = (root / "docs" / "mock-server-cpp.md").read_text()
    (tmp_path / "main.cpp").write_text(re.search(r"```cpp\n(.*?)```", page, re.DOTALL)[1])
    (tmp_path / "CMakeLists.txt").write_text(PROJECT)
    configured = run(["cmake", "-S", tmp_path, "-B", tmp_path / "build", f"-DCMAKE_PREFIX_PATH={prefix}",
                      f"-DCMAKE_CXX_FLAGS={cached(build_dir, 'CMAKE_CXX_FLAGS')}"])
    assert configured.returncode == 0, configured.stderr
    built = run(["cmake", "--build", tmp_path / "build"], timeout=300)
    assert built.returncode == 0, built.stdout[-3000:]
    assert run([tmp_path / "build" / "my-tests"]).returncode == 0
