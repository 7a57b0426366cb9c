#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <memory>
#include <string>

#include "authcore/file_storage.hpp"
#include "authcore/stored_credential.hpp"
#include "home_fixture.hpp"
#include "judges.hpp"
#include "status_matchers.hpp"
#include "storage/child_process.hpp"

/// With the real sops and a key of age: what counts is what those programs read and write.
namespace authcore {
namespace {

namespace fs = std::filesystem;
using oidc::Errc;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::judges;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kKeyVariable = "SOPS_AGE_KEY_FILE";
const Json kSecret = {{"access_token", "SECRET"}, {"expires_in", 3600}, {"nested", {{"kept", nullptr}}}};

std::string sops_program() {
  const fs::path built = fs::path{ASSAY_SOURCE_DIR} / ".tools/bin/sops";
  return fs::exists(built) ? built.string() : "sops";
}

class SopsTest : public test::HomeTest {
 protected:
  void SetUp() override {
    const auto version = run({sops_program(), "--version", "--disable-version-check"});
    ASSERT_TRUE(version && version->exit_code == 0)
        << "these tests need the program sops; scripts/setup builds it into .tools/bin";
    const auto made = run({"age-keygen", "-o", (keys_ / "key.txt").string()});
    ASSERT_TRUE(made && made->exit_code == 0) << "these tests need the program age-keygen; scripts/setup installs it";
    configure("creation_rules:\n  - age: " + recipient());
    ::setenv(kKeyVariable, (keys_ / "key.txt").c_str(), 1);
  }
  ~SopsTest() override {
    ::unsetenv(kKeyVariable);
    fs::remove_all(keys_);
  }

  oidc::Result<ProgramRun> run(const std::vector<std::string>& arguments, const std::string& input = "") const {
    return run_program(arguments, home_, input, 1'000'000);
  }
  void configure(const std::string& yaml) const { write(home_ / ".sops.yaml", yaml + "\n"); }
  std::string recipient() const {
    const std::string text = read(keys_ / "key.txt");
    const auto begin = text.find("age1");
    return text.substr(begin, text.find('\n', begin) - begin);
  }
  std::string decrypted(const std::string& name) const {
    return run({sops_program(), "-d", (home_ / name).string()}).value().output;
  }
  /// A program in the place of sops.
  std::unique_ptr<FileStorage> storage_with(const std::string& script) const {
    const fs::path program = keys_ / "program";
    write(program, "#!/bin/sh\n" + script + "\n");
    ::chmod(program.c_str(), 0700);
    return std::make_unique<FileStorage>(home_, program.string());
  }

  static fs::path make_key_directory() {
    std::string name = (fs::temp_directory_path() / "authcore-keys-XXXXXX").string();
    return ::mkdtemp(name.data());
  }

  fs::path keys_ = make_key_directory();
  FileStorage storage_{home_, sops_program()};
};

TEST_F(SopsTest, SavesEncryptedAndLoadsInTheClear) {
  judges({"STOR-009", "STOR-010", "D-26", "W-12"});
  for (const std::string name : {"token.sops.json", "name.with.dots.sops.json", ".sops.json"}) {
    ASSERT_THAT(storage_.save(name, kSecret), IsOk()) << name;
    EXPECT_THAT(read(home_ / name), Not(HasSubstr("SECRET"))) << name;
    EXPECT_EQ(mode(home_ / name), 0600U) << name;
    EXPECT_EQ(storage_.load(name).value(), kSecret) << name;
    EXPECT_EQ(Json::parse(decrypted(name)), kSecret) << name;
  }
  EXPECT_EQ(names_in(home_).size(), 4U) << "three objects and the configuration of sops, nothing else";
}

TEST_F(SopsTest, OtherNamesStayClear) {
  judges({"STOR-010", "D-26"});
  for (const std::string name : {"token.json", "sops.json", "token.sops.json.bak", "token.sops.yaml"}) {
    ASSERT_THAT(storage_.save(name, kSecret), IsOk()) << name;
    EXPECT_THAT(read(home_ / name), HasSubstr("SECRET")) << name;
  }
}

TEST_F(SopsTest, ReadsWhatSomebodyElseEncrypted) {
  judges({"STOR-009"});
  const auto encrypted = run({sops_program(), "encrypt", "--input-type", "json", "--output-type", "json",
                              "--filename-override", (home_ / "key.sops.json").string(), "/dev/stdin"},
                             R"({"api_key": "SECRET", "bearer_token_prefix": "Bearer"})");
  ASSERT_EQ(encrypted.value().exit_code, 0);
  write(home_ / "key.sops.json", encrypted->output);
  const auto shared = std::make_shared<FileStorage>(home_, sops_program());
  StoredCredential key{clock_, CredentialKind::kApiKey, {shared, "key.sops.json"}};
  EXPECT_EQ(key.credential()->api_key(), "SECRET");
}

TEST_F(SopsTest, ACredentialSurvivesAndIsReloadedWhenItChanges) {
  judges({"STOR-009"});
  const auto shared = std::make_shared<FileStorage>(home_, sops_program());
  StoredCredential mine{clock_, CredentialKind::kOidc, {shared, "new/dir/token.sops.json"}};
  ASSERT_THAT(mine.set_data(kSecret), IsOk());
  ASSERT_THAT(mine.save(), IsOk());
  EXPECT_EQ(mode(home_ / "new"), 0700U);
  StoredCredential theirs{clock_, CredentialKind::kOidc, {shared, "new/dir/token.sops.json"}};
  EXPECT_EQ(theirs.credential()->json(), mine.data());
  ASSERT_THAT(theirs.update_data({{"access_token", "SECRET2"}}), IsOk());
  ASSERT_THAT(theirs.save(), IsOk());
  ASSERT_THAT(mine.lazy_reload(), IsOk());
  EXPECT_EQ(mine.credential()->access_token(), "SECRET2");
}

TEST_F(SopsTest, AFailureToEncryptLeavesTheOldObjectAndNoClearText) {
  judges({"STOR-011", "W-12"});
  ASSERT_THAT(storage_.save("token.sops.json", {{"old", true}}), IsOk());
  const std::string before = read(home_ / "token.sops.json");
  configure("creation_rules: []");
  const auto saved = storage_.save("token.sops.json", kSecret);
  EXPECT_THAT(saved, FailsWith(Errc::kStorage, HasSubstr((home_ / "token.sops.json").string())));
  EXPECT_THAT(saved.error().message, Not(HasSubstr("SECRET")));
  EXPECT_THAT(storage_.save("other.sops.json", kSecret), FailsWith(Errc::kStorage));
  EXPECT_EQ(read(home_ / "token.sops.json"), before);
  EXPECT_THAT(names_in(home_), ::testing::UnorderedElementsAre("token.sops.json", ".sops.yaml"));
}

TEST_F(SopsTest, NoClearTextIsOnDiskWhileSopsRuns) {
  judges({"STOR-011", "W-12"});
  const std::string seen = (keys_ / "seen").string();
  const auto storage = storage_with("grep -rl SECRET '" + home_.string() + "' > '" + seen +
                                    "'\nprintf '%s\\n' \"$@\" >> '" + seen + "'\nexec '" + sops_program() + "' \"$@\"");
  ASSERT_THAT(storage->save("token.sops.json", kSecret), IsOk());
  EXPECT_THAT(read(seen), Not(HasSubstr("SECRET")));
  EXPECT_THAT(read(seen), testing::StartsWith("encrypt\n")) << "grep found nothing";
  ASSERT_THAT(storage->load("token.sops.json"), IsOk());
  EXPECT_EQ(read(seen), "-d\n" + (home_ / "token.sops.json").string() + "\n");
}

TEST_F(SopsTest, TrustsNoProgramThatDoesNotEncrypt) {
  judges({"W-12"});
  for (const char* script :
       {"cat /dev/stdin", "true", "echo '{\"sops\": \"\"}'", "cat /dev/stdin; exit 1", "kill -KILL $$", "yes '{'"}) {
    EXPECT_THAT(storage_with(script)->save("token.sops.json", kSecret), FailsWith(Errc::kStorage)) << script;
    EXPECT_THAT(names_in(home_), ElementsAre(".sops.yaml")) << script;
  }
}

TEST_F(SopsTest, TellsWhyAnObjectCannotBeRead) {
  judges({"STOR-009"});
  ASSERT_THAT(storage_.save("token.sops.json", kSecret), IsOk());
  EXPECT_THAT(storage_.load("absent.sops.json"), FailsWith(Errc::kNotFound));
  for (const std::string bytes : {"", "garbage", "[1]", "{\"a\": 1}", "{\"sops\": 1}"}) {
    write(home_ / "bad.sops.json", bytes);
    EXPECT_THAT(storage_.load("bad.sops.json"), FailsWith(Errc::kCorruptStorage)) << bytes;
    EXPECT_EQ(read(home_ / "bad.sops.json"), bytes);
  }
  Json tampered = Json::parse(read(home_ / "token.sops.json"));
  tampered.erase("expires_in");
  write(home_ / "bad.sops.json", tampered.dump());
  EXPECT_THAT(storage_.load("bad.sops.json"), FailsWith(Errc::kCorruptStorage));

  run({"age-keygen", "-o", (keys_ / "other.txt").string()}).value();
  ::setenv(kKeyVariable, (keys_ / "other.txt").c_str(), 1);
  EXPECT_THAT(storage_.load("token.sops.json"), FailsWith(Errc::kStorage, HasSubstr("key")));
}

TEST_F(SopsTest, SaysThatTheProgramIsMissing) {
  judges({"STOR-009"});
  ASSERT_THAT(storage_.save("token.sops.json", kSecret), IsOk());
  FileStorage without{home_, "no-such-sops"};
  EXPECT_THAT(without.load("token.sops.json"), FailsWith(Errc::kStorage, HasSubstr("no-such-sops")));
  EXPECT_THAT(without.save("new.sops.json", kSecret), FailsWith(Errc::kStorage, HasSubstr("no-such-sops")));
  EXPECT_FALSE(fs::exists(home_ / "new.sops.json"));
  EXPECT_THAT(without.save("clear.json", kSecret), IsOk()) << "other keys don't need it";
}

}  // namespace
}  // namespace authcore
