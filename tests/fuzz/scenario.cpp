// Scenario files: the strict subset of YAML, and what is read out of it.

#include <string>

#include "scenarios/scenario.hpp"
#include "target.hpp"

namespace fuzz {

void run_scenario(std::string_view input) {
  const std::string text{input};
  const auto yaml = scenarios::read_yaml(text);
  for (const auto& problem : yaml.problems) {
    require(!problem.sentence.empty() && problem.place.line > 0, "a problem without words or place");
  }
  const auto scenario = scenarios::parse_scenario(text, "fuzz/one", "one.yaml");
  require(scenario || scenario.error().message.find("one.yaml:") != std::string::npos, "a refusal without a place");
  require(!scenario || yaml.problems.empty(), "a scenario out of bad YAML");

  const auto json = scenarios::read_json(text);
  require(!json.problems.empty() || oidc::parse_json(text).has_value(), "JSON that only one of two readers takes");
}

}  // namespace fuzz
