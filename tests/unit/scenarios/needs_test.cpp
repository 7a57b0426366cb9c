#include "runner/needs.hpp"

#include <gtest/gtest.h>

namespace scenarios {
namespace {

Hello hello_with(const std::set<std::string>& capabilities) {
  Hello hello;
  hello.flows = {"code", "password"};
  hello.capabilities = capabilities;
  return hello;
}

Scenario scenario_of(const oidc::Json& client) {
  Scenario scenario;
  scenario.client = client;
  return scenario;
}

TEST(UnmetNeed, AKeyPairTakesAClientThatCanBeConfiguredWithOne) {
  const Scenario scenario = scenario_of({{"auth", "private_key_jwt"}});
  EXPECT_EQ(unmet_need(scenario, hello_with({"virtual_clock"})), "the client has no capability \"private_key_jwt\"");
  EXPECT_EQ(unmet_need(scenario, hello_with({"virtual_clock", "private_key_jwt"})), "");
}

TEST(UnmetNeed, AFlowTakesAClientThatHasIt) {
  EXPECT_EQ(unmet_need(scenario_of({{"flow", "password"}}), hello_with({"virtual_clock"})), "");
  EXPECT_EQ(unmet_need(scenario_of({{"flow", "device"}}), hello_with({"virtual_clock"})),
            "the client has no flow \"device\"");
}

}  // namespace
}  // namespace scenarios
