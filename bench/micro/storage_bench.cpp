// What it costs to keep a credential safely: whole, private, on the disk before the call returns.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "authcore/file_storage.hpp"
#include "authcore/sqlite_storage.hpp"

namespace {

/// A directory of its own in $TMPDIR, or /tmp; it should be on the disk that is to be measured.
class Directory {
 public:
  Directory() : path_{std::filesystem::temp_directory_path() / ("assay-bench-" + std::to_string(::getpid()))} {
    std::filesystem::create_directories(path_);
  }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  ~Directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// As large as a login's usually is.
oidc::Json credential() {
  return {{"access_token", std::string(900, 'a')},
          {"refresh_token", std::string(43, 'r')},
          {"id_token", std::string(700, 'i')},
          {"token_type", "Bearer"},
          {"scope", "openid offline_access"},
          {"expires_in", 3600},
          {"_iat", 1'893'456'000},
          {"_exp", 1'893'459'600}};
}

struct FileProvider {
  Directory directory{};
  std::unique_ptr<authcore::ObjectStorageProvider> storage = std::make_unique<authcore::FileStorage>(directory.path());
};

struct SqliteProvider {
  Directory directory{};
  oidc::SystemClock clock{};
  std::unique_ptr<authcore::ObjectStorageProvider> storage =
      std::make_unique<authcore::SqliteStorage>(directory.path() / "sessions.db", clock);
};

template <typename Provider>
void save(benchmark::State& state) {
  Provider provider;
  const oidc::Json object = credential();
  for (auto _ : state) {
    if (const auto saved = provider.storage->save("token.json", object); !saved) {
      state.SkipWithError(saved.error().message.c_str());
      break;
    }
  }
  state.SetItemsProcessed(state.iterations());
}

template <typename Provider>
void load(benchmark::State& state) {
  Provider provider;
  if (!provider.storage->save("token.json", credential())) {
    state.SkipWithError("cannot save");
  }
  for (auto _ : state) {
    auto object = provider.storage->load("token.json");
    benchmark::DoNotOptimize(object);
    if (!object) {
      state.SkipWithError(object.error().message.c_str());
      break;
    }
  }
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK(save<FileProvider>)->Name("file_save")->UseRealTime();
BENCHMARK(load<FileProvider>)->Name("file_load")->UseRealTime();
BENCHMARK(save<SqliteProvider>)->Name("sqlite_save")->UseRealTime();
BENCHMARK(load<SqliteProvider>)->Name("sqlite_load")->UseRealTime();

}  // namespace
