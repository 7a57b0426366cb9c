#include "scenarios/document.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace scenarios {
namespace {

/// A directory for the files of one test.
class ReadText : public ::testing::Test {
 protected:
  ReadText() { std::filesystem::create_directory(directory_); }
  ~ReadText() override { std::filesystem::remove_all(directory_); }

  /// Why a file cannot be read, without its name.
  static std::string refusal(const std::filesystem::path& file) {
    const auto text = read_text(file.string());
    if (text) {
      return "it was read";
    }
    EXPECT_EQ(text.error().code, oidc::Errc::kBadInput);
    const std::string& message = text.error().message;
    return message.starts_with(file.string()) ? message.substr(file.string().size()) : message;
  }

  std::filesystem::path directory_ =
      std::filesystem::temp_directory_path() / ("scenarios-read-text-" + std::to_string(getpid()));
};

TEST_F(ReadText, OfAMissingFileSaysThatThereIsNone) {
  EXPECT_EQ(refusal(directory_ / "nope.yaml"), ": no such file");
}

TEST_F(ReadText, OfADirectorySaysSo) {
  EXPECT_EQ(refusal(directory_), ": is a directory");
}

TEST_F(ReadText, OfAnEmptyFileSaysSo) {
  std::ofstream{directory_ / "empty.yaml"};
  EXPECT_EQ(refusal(directory_ / "empty.yaml"), ": is empty");
}

TEST_F(ReadText, BelowAFileSaysWhy) {
  std::ofstream{directory_ / "file"} << "a: 1\n";
  EXPECT_EQ(refusal(directory_ / "file" / "nope.yaml"), ": no such file");
  EXPECT_EQ(refusal(directory_ / "file"), "it was read");
}

}  // namespace
}  // namespace scenarios
