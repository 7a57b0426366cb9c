#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "oidc/clock.hpp"

namespace authcore::test {

namespace fs = std::filesystem;

/// A home of its own for each test, removed at the end.
class HomeTest : public ::testing::Test {
 protected:
  HomeTest() {
    std::string name = (fs::temp_directory_path() / "authcore-XXXXXX").string();
    home_ = ::mkdtemp(name.data());
  }
  ~HomeTest() override {
    std::error_code ignored;
    fs::permissions(home_, fs::perms::owner_all, ignored);
    fs::remove_all(home_, ignored);
  }

  static void write(const fs::path& path, const std::string& bytes) { std::ofstream{path} << bytes; }
  static std::string read(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream{path}.rdbuf();
    return text.str();
  }
  static unsigned mode(const fs::path& path) {
    struct stat status {};
    EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
    return status.st_mode & 0777U;
  }
  static std::vector<std::string> names_in(const fs::path& directory) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator{directory}) {
      names.push_back(entry.path().filename().string());
    }
    return names;
  }

  fs::path home_;
  oidc::VirtualClock clock_{oidc::TimePoint{std::chrono::seconds{1893456000}}};
};

}  // namespace authcore::test
