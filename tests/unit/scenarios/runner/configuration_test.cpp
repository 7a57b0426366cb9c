#include "runner/configuration.hpp"

#include "fake_client.hpp"

namespace scenarios {
namespace {

using fake::Behaviour;
using fake::run;
using fake::scenario;
using ::testing::HasSubstr;

constexpr const char* kOwnClients = R"(issuer: {clients: [{id: svc, auth: client_secret_post, secret: "a:%b"}]}
)";
constexpr const char* kSteps = "steps: [{do: request, expect: {ok: {}}, check: asked}]\n";

Behaviour that_authenticates_by(std::vector<std::string> methods) {
  Behaviour behaviour;
  behaviour.hello.auth_methods = std::move(methods);
  behaviour.hello.flows = {"code", "client_credentials"};
  return behaviour;
}

TEST(IssuerConfig, HasSecretsThatNobodyMustEncode) {
  const auto config = issuer_config(scenario(kSteps), 7, TimeKind::kVirtual, places_in_general());
  EXPECT_EQ(config.seed, 7U);
  for (const auto& client : config.clients) {
    EXPECT_EQ(client.secret.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"),
              std::string::npos)
        << client.id;
  }
  const auto none = [](const auto& client) { return client.secret.empty(); };
  EXPECT_EQ(std::ranges::count_if(config.clients, none), 2) << "public, and with a key pair";
}

TEST(IssuerConfig, HasTheScenariosOwnClientsAsTheyAre) {
  const auto config =
      issuer_config(scenario(std::string{kOwnClients} + kSteps), 7, TimeKind::kVirtual, places_in_general());
  ASSERT_EQ(config.clients.size(), 1U);
  EXPECT_EQ(config.clients.front().secret, "a:%b");
}

TEST(ClientSetup, TakesAClientThatIsRegistered) {
  const auto done = run(scenario(std::string{kOwnClients} + kSteps),
                        that_authenticates_by({"none", "client_secret_basic", "client_secret_post"}));
  EXPECT_EQ(done.setup.client_auth, "client_secret_post");
  EXPECT_EQ(done.setup.client_id, "svc");
  EXPECT_EQ(done.setup.client_secret, "a:%b");
}

TEST(ClientSetup, OfAClientThatNobodyRegisteredIsUnsupportedAndNoneIsStarted) {
  const auto done =
      run(scenario(std::string{kOwnClients} + kSteps), that_authenticates_by({"private_key_jwt", "none"}));
  EXPECT_EQ(done.outcome.verdict(), Verdict::kUnsupported) << fake::all(done.outcome);
  EXPECT_EQ(done.started, 0);
  EXPECT_THAT(done.outcome.checks.front().observed,
              HasSubstr("the scenario's issuer has no client that authenticates by none, private_key_jwt"));
}

}  // namespace
}  // namespace scenarios
