#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "scenarios/adapter.hpp"

namespace scenarios {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr oidc::TimePoint kStart{std::chrono::seconds{1'893'456'000}};

inline std::string source(const std::string& path) {
  return std::string{ASSAY_SOURCE_DIR} + "/" + path;
}

inline std::string contents(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream{path}.rdbuf();
  return text.str();
}

/// Starts programs on a storage of their own, under a virtual clock.
class PipeAdapterTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path{testing::TempDir()} /
              (std::string{"pipe-"} + testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_ / "store");
    setup_.issuer = "http://127.0.0.1:1";
    setup_.client_id = "app";
    setup_.client_auth = "none";
    setup_.flow = "code";
    setup_.storage_dir = folder_ / "store";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  using Started = std::variant<std::unique_ptr<Adapter>, Broken>;
  Started start(std::vector<std::string> command, PipeLimits limits = {}) {
    factory_ = make_pipe_factory(std::move(command), limits);
    return start_another();
  }
  Started start_another() {
    Surroundings surroundings{clock_, [this](const std::string& url) -> oidc::Status {
                                opened_.push_back(url);
                                return oidc::Done{};
                              }};
    surroundings.lasts = lasts_;
    surroundings.requests_seen = [this] {
      return requests_ = std::min(requests_ + requests_between_looks_, most_requests_);
    };
    return factory_->start(setup_, surroundings);
  }
  Started start_hostile(const std::string& program, PipeLimits limits = {}) {
    return start({"python3", source("tests/driver/hostile/") + program + ".py"}, limits);
  }
  Started start_script(const std::string& text, PipeLimits limits = {}) {
    const std::string path = folder_ / "script.py";
    for (const auto& file : std::filesystem::directory_iterator{source("conformance/clients")}) {
      if (file.path().filename().string().starts_with("kit")) {
        std::filesystem::copy(file.path(), folder_, std::filesystem::copy_options::overwrite_existing);
      }
    }
    // Exceptions of this package are the client's, those of the script the adapter's.
    std::filesystem::create_directory(folder_ / "client");
    std::ofstream{folder_ / "client" / "__init__.py"} << kClient;
    std::ofstream{path} << text;
    return start({"python3", path}, limits);
  }
  static Broken broken(const Started& started) {
    const auto* result = std::get_if<Broken>(&started);
    return result == nullptr ? Broken{Broken::Who::kSut, "it was started"} : *result;
  }
  static Broken broken(const CallResult& called) {
    const auto* result = std::get_if<Broken>(&called);
    return result == nullptr ? Broken{Broken::Who::kSut, "the call returned"} : *result;
  }

  static constexpr const char* kClient =
      "def fail():\n    raise KeyError('expires_in')\n\ndef save(path):\n    with open(path, 'w') as file:\n"
      "        file.write('x')\n";

  oidc::VirtualClock clock_{kStart};
  oidc::VirtualClock::Actor actor_{clock_};
  oidc::Duration lasts_{};
  ClientSetup setup_;
  std::filesystem::path folder_;
  std::vector<std::string> opened_;
  std::size_t requests_ = 0;
  std::size_t requests_between_looks_ = 0;
  std::size_t most_requests_ = 1'000'000;
  std::unique_ptr<AdapterFactory> factory_;
};

}  // namespace scenarios
