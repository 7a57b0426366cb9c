#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "scenarios/adapter.hpp"

namespace scenarios {

using testing::HasSubstr;

/// Starts clients of commands files on a storage of their own; programs are lines of the shell.
class CommandsTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path{testing::TempDir()} /
              (std::string{"commands-"} + testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_ / "store");
    setup_.issuer = "http://127.0.0.1:1";
    setup_.client_id = "app";
    setup_.client_auth = "none";
    setup_.flow = "code";
    setup_.scopes = {"openid", "offline_access"};
    setup_.storage_dir = folder_ / "store";
  }
  void TearDown() override {
    client_.reset();
    std::filesystem::remove_all(folder_);
  }

  /// What is wrong with a file of these members besides name and flows; "" if nothing is.
  std::string problem(const std::string& members) {
    const std::string file = folder_ / "mine.yaml";
    std::ofstream{file} << "name: mine\nversion: '1'\nflows: [code]\n" << members;
    auto made = make_commands_factory(file);
    if (!made) {
      return made.error().message;
    }
    factory_ = *std::move(made);
    return "";
  }
  /// A started client; what broke it is in `broken_`.
  Adapter* start(const std::string& members) {
    EXPECT_EQ(problem(members), "");
    return factory_ == nullptr ? nullptr : start_another();
  }
  Adapter* start_another() {
    Surroundings surroundings{clock_, [this](const std::string& url) -> oidc::Status {
                                opened_.push_back(url);
                                std::ofstream{folder_ / "store" / "opened"} << url;
                                return oidc::Done{};
                              }};
    surroundings.environment = {"TZ=Asia/Tokyo"};
    auto started = factory_->start(setup_, surroundings);
    if (auto* broken = std::get_if<Broken>(&started)) {
      broken_ = broken->what;
      return nullptr;
    }
    client_ = std::get<0>(std::move(started));
    return client_.get();
  }
  /// The result in words: "ok {…}", "err kind: message", "broken: …".
  static std::string told(const CallResult& result) {
    if (const auto* ok = std::get_if<Ok>(&result)) {
      return "ok " + oidc::to_text(ok->value);
    }
    if (const auto* err = std::get_if<Err>(&result)) {
      return "err " + err->kind + ": " + err->message;
    }
    if (const auto* broken = std::get_if<Broken>(&result)) {
      return std::string{broken->who == Broken::Who::kSut ? "sut" : "adapter"} + " broken: " + broken->what;
    }
    return std::holds_alternative<Unsupported>(result) ? "unsupported" : "overdue";
  }
  std::string stored(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream{folder_ / "store" / name}.rdbuf();
    return text.str();
  }

  oidc::SystemClock clock_;
  ClientSetup setup_;
  std::filesystem::path folder_;
  std::vector<std::string> opened_;
  std::unique_ptr<AdapterFactory> factory_;
  std::unique_ptr<Adapter> client_;
  std::string broken_;
};

}  // namespace scenarios
