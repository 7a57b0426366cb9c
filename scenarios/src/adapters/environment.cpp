#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <utility>

#include "adapters/pipe_process.hpp"

namespace scenarios {

namespace {

/// Where launchers keep what they have built or fetched: without it `go run`, `npx` and `uv run` would begin anew in a
/// home of their own, or could not begin at all.
constexpr std::pair<const char*, const char*> kCaches[] = {{"GOPATH", "go"},
                                                           {"GOCACHE", ".cache/go-build"},
                                                           {"npm_config_cache", ".npm"},
                                                           {"UV_CACHE_DIR", ".cache/uv"},
                                                           {"CARGO_HOME", ".cargo"},
                                                           {"RUSTUP_HOME", ".rustup"},
                                                           {"MAVEN_USER_HOME", ".m2"},
                                                           {"PYENV_ROOT", ".pyenv"}};

void add_caches(std::vector<std::string>& environment) {
  const char* home = std::getenv("HOME");
  for (const auto& [name, folder] : kCaches) {
    const char* said = std::getenv(name);
    const std::filesystem::path usual = std::filesystem::path{home == nullptr ? "" : home} / folder;
    std::error_code absent;
    if (said != nullptr) {
      environment.push_back(fmt::format("{}={}", name, said));
    } else if (home != nullptr && std::filesystem::is_directory(usual, absent)) {
      environment.push_back(fmt::format("{}={}", name, usual.string()));
    }
  }
}

}  // namespace

std::vector<std::string> environment_for(const ClientSetup& setup) {
  const std::filesystem::path sandbox = std::filesystem::path{setup.storage_dir}.parent_path();
  std::vector<std::string> environment{"LANG=C.UTF-8"};
  for (const char* name : {"PATH", "LD_LIBRARY_PATH", "PYTHONPATH", "NODE_PATH", "JAVA_HOME"}) {
    if (const char* value = std::getenv(name); value != nullptr) {
      environment.push_back(fmt::format("{}={}", name, value));
    }
  }
  add_caches(environment);
  for (const auto& [name, folder] : {std::pair{"HOME", "home"}, {"TMPDIR", "tmp"}}) {
    std::error_code ignored;  // without them the client is no worse off than with a read-only home
    std::filesystem::create_directories(sandbox / folder, ignored);
    environment.push_back(fmt::format("{}={}", name, (sandbox / folder).string()));
  }
  if (!setup.ca_file.empty()) {
    for (const char* name : {"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"}) {
      environment.push_back(fmt::format("{}={}", name, setup.ca_file));
    }
  }
  return environment;
}

}  // namespace scenarios
