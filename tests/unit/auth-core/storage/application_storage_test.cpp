#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "../session/fakes.hpp"
#include "authcore/auth.hpp"
#include "home_fixture.hpp"
#include "judges.hpp"
#include "oidc/random.hpp"
#include "status_matchers.hpp"

/// An application that keeps sessions in a place of its own (Planet client authentication guide, "Session State
/// Saved to Application Storage").
namespace authcore {
namespace {

namespace fs = std::filesystem;
using oidc::Errc;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::judges;
using std::chrono::seconds;
using test::credential_of;
using test::tokens;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// As small as one can be: five operations on a map and no lock. Re-roots keys and drops nulls, at every
/// depth. `modified` is what its objects say of when they were saved, in whole seconds.
class ApplicationStorage final : public ObjectStorageProvider {
 public:
  std::map<std::string, std::pair<Json, std::int64_t>> objects;
  std::vector<std::string> operations;
  std::int64_t modified = 0;

  oidc::Result<Json> load(const std::string& key) override {
    operations.emplace_back("load");
    const auto found = objects.find(rooted(key));
    return found == objects.end() ? absent() : oidc::Result<Json>{found->second.first};
  }
  oidc::Status save(const std::string& key, const Json& object) override {
    operations.emplace_back("save");
    objects[rooted(key)] = {without_nulls(object), ++modified};
    return oidc::Done{};
  }
  oidc::Result<bool> exists(const std::string& key) override {
    operations.emplace_back("exists");
    return objects.count(rooted(key)) != 0;
  }
  oidc::Result<ObjectVersion> version(const std::string& key) override {
    const auto found = objects.find(rooted(key));
    return found == objects.end() ? oidc::Result<ObjectVersion>{absent().error()}
                                  : ObjectVersion{.identity = static_cast<std::uint64_t>(found->second.second)};
  }
  oidc::Status rename(const std::string& from, const std::string& to) override {
    operations.emplace_back("rename");
    auto moved = objects.extract(rooted(from));
    objects[rooted(to)] = std::move(moved.mapped());
    return oidc::Done{};
  }
  oidc::Status remove(const std::string& key) override {
    operations.emplace_back("remove");
    objects.erase(rooted(key));
    return oidc::Done{};
  }

 private:
  static std::string rooted(const std::string& key) { return "/app/users/7/" + fs::path{key}.relative_path().string(); }
  static oidc::Result<Json> absent() { return oidc::Error{Errc::kNotFound, "no row"}; }
  static Json without_nulls(const Json& value) {
    if (!value.is_object()) {
      return value;
    }
    Json kept = Json::object();
    for (const auto& [name, member] : value.items()) {
      if (!member.is_null()) {
        kept[name] = without_nulls(member);
      }
    }
    return kept;
  }
};

class ApplicationStorageTest : public test::HomeTest {
 protected:
  ApplicationStorageTest() {
    const char* home = std::getenv("HOME");
    saved_home_ = home == nullptr ? "" : home;
    ::setenv("HOME", home_.c_str(), 1);
  }
  ~ApplicationStorageTest() override { ::setenv("HOME", saved_home_.c_str(), 1); }

  std::unique_ptr<Auth> context() {
    auto owned = std::make_unique<test::FakeClient>(clock_);
    owned->environment.emplace(environment_);
    client_ = owned.get();
    return Auth::from_client(std::move(owned), {.location = {storage_, "/.planet/token.json"}}, environment_).value();
  }
  std::vector<std::string> take_operations() { return std::exchange(storage_->operations, {}); }

  std::string saved_home_;
  oidc::SeededRandom random_{1};
  test::NoHttp http_;
  Environment environment_{clock_, random_, http_};
  test::FakeClient* client_ = nullptr;  ///< of the newest context
  std::shared_ptr<ApplicationStorage> storage_ = std::make_shared<ApplicationStorage>();
};

TEST_F(ApplicationStorageTest, HoldsTheSessionFromLoginToRestart) {
  judges({"STOR-001", "STOR-002", "STOR-014", "GUIDE-009"});
  auto auth = context();
  Json response = tokens("A0", 100, "R0");
  response["note"] = nullptr;
  response["nested"] = {{"gone", nullptr}};
  client_->will_log_in(response);
  ASSERT_THAT(auth->login({}), IsOk());
  ASSERT_THAT(storage_->objects, testing::SizeIs(1));
  EXPECT_EQ(storage_->objects.begin()->first, "/app/users/7/.planet/token.json");
  EXPECT_EQ(storage_->objects.begin()->second.first.at("refresh_token"), "R0");

  clock_.advance(seconds{80});
  auth = context();
  EXPECT_TRUE(auth->request_authenticator_is_ready());
  client_->will_refresh(tokens("A1", 100, "R1"));
  EXPECT_EQ(auth->request_authenticator().access_token().value(), "A1");
  EXPECT_EQ(storage_->objects.begin()->second.first.at("refresh_token"), "R1");
  EXPECT_EQ(context()->request_authenticator().access_token().value(), "A1");
  EXPECT_THAT(names_in(home_), IsEmpty()) << "nothing is visible under the default location";
}

TEST_F(ApplicationStorageTest, IsAskedForWhatIsNeededOnly) {
  judges({"STOR-015", "STOR-012"});
  const auto auth = context();
  storage_->save("/.planet/token.json", credential_of(tokens("A0", 100, "R0")).json()).value();
  take_operations();
  EXPECT_TRUE(auth->request_authenticator_is_ready());
  EXPECT_THAT(take_operations(), ElementsAre("exists"));
  EXPECT_EQ(auth->request_authenticator().access_token().value(), "A0");
  EXPECT_THAT(take_operations(), ElementsAre("load"));
  client_->will_refresh(tokens("A1", 100, "R1"));
  clock_.advance(seconds{80});
  EXPECT_EQ(auth->request_authenticator().access_token().value(), "A1");
  EXPECT_THAT(take_operations(), ElementsAre("save")) << "its version told that nothing had changed";
  EXPECT_EQ(auth->request_authenticator().access_token().value(), "A1");
  EXPECT_THAT(take_operations(), IsEmpty());
}

TEST_F(ApplicationStorageTest, SharesNoObjectWithTheCore) {
  judges({"STOR-013", "W-19"});
  const auto auth = context();
  storage_->save("/.planet/token.json", tokens("A0", 100, "R0")).value();
  const Json before = storage_->objects.begin()->second.first;
  EXPECT_EQ(auth->request_authenticator().access_token().value(), "A0");
  EXPECT_EQ(storage_->objects.begin()->second.first, before) << "what is computed is added to a copy";
  storage_->objects.begin()->second.first["access_token"] = "changed";
  EXPECT_EQ(auth->request_authenticator().access_token().value(), "A0");
}

TEST_F(ApplicationStorageTest, MayHaveNoLock) {
  const auto first = storage_->lock("key", clock_, {}, {});
  ASSERT_THAT(first, IsOk());
  EXPECT_THAT(storage_->lock("key", clock_, {}, {}), IsOk()) << "it excludes nobody";
}

}  // namespace
}  // namespace authcore
