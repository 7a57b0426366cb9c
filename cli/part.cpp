#include "part.hpp"

#include <fmt/core.h>

#include "client.hpp"
#include "conformance/shard.hpp"

namespace cli {

void add_shard(CLI::App& command, std::string& shard) {
  command
      .add_option("--shard", shard,
                  "The Ith of N parts of the selection, alike in size and whatever its order; `assay merge` puts the "
                  "results together (docs/ci.md); default: all of it")
      ->type_name("I/N")
      ->check(not_empty("the shard"));
}

oidc::Result<std::vector<scenarios::Scenario>> take_part(const std::string& shard,
                                                         std::vector<scenarios::Scenario> selection) {
  if (shard.empty()) {
    return selection;
  }
  const auto parsed = conformance::parse_shard(shard);
  if (!parsed) {
    return parsed.error();
  }
  return conformance::take(*parsed, selection);
}

oidc::Error empty_part(const std::string& shard, std::size_t scenarios) {
  return {oidc::Errc::kInvalidArgument, fmt::format("shard {} of {} scenario{} is empty; choose fewer shards", shard,
                                                    scenarios, scenarios == 1 ? "" : "s")};
}

}  // namespace cli
