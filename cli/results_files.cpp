#include "results_files.hpp"

#include <utility>

namespace cli {

oidc::Result<std::vector<conformance::Results>> read_files(const std::vector<std::string>& files) {
  std::vector<conformance::Results> all;
  for (const auto& file : files) {
    auto results = conformance::read_results(file);
    if (!results) {
      return std::move(results).error();
    }
    all.push_back(*std::move(results));
  }
  return all;
}

oidc::Result<conformance::Results> read_merged(const std::vector<std::string>& files) {
  auto parts = read_files(files);
  if (!parts) {
    return std::move(parts).error();
  }
  return conformance::merge(*std::move(parts));
}

}  // namespace cli
