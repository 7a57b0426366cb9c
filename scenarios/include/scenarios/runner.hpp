#pragma once

#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "mockserver/journal.hpp"
#include "scenarios/adapter.hpp"
#include "scenarios/rules.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/verdict.hpp"

namespace scenarios {

enum class Transport { kDirect, kHttp, kHttps };
std::string_view to_string(Transport transport);

/// A file below the client's storage directory.
struct StoredFile {
  std::string mode;     ///< "0600"; "link": a symbolic link
  std::string text;     ///< redacted: secrets by lineage name; of a link "-> target"
  bool is_read = true;  ///< false: there is more than was read, and `text` says why
  bool operator==(const StoredFile&) const = default;
};
/// By path relative to the storage directory; directories are listed with a trailing '/'.
using StorageSnapshot = std::map<std::string, StoredFile>;

/// One step as it went.
struct StepRecord {
  std::size_t index = 0;           ///< 1-based
  std::string description;         ///< "get_access_token", "advance 3000 s"
  oidc::Duration at{};             ///< virtual time since T0
  oidc::Duration took{};           ///< virtual
  std::string result;              ///< redacted: "ok {\"access_token\":\"at#2\"}", "err reauth_required"
  std::size_t first_exchange = 0;  ///< exchanges [first, last] happened during it; 0: none
  std::size_t last_exchange = 0;
};

/// One scenario, run against one client.
struct Outcome {
  const Scenario* scenario = nullptr;
  Transport transport = Transport::kDirect;
  bool client_started = true;
  std::vector<CheckResult> checks;
  std::vector<StepRecord> steps;
  std::vector<mockserver::Exchange> exchanges;
  StorageSnapshot storage_before;
  StorageSnapshot storage_after;
  std::string output;  ///< the client's, redacted
  oidc::Duration virtual_time{};
  std::chrono::microseconds real_time{};

  /// The worst of the checks; `kUnsupported` if the scenario does not apply.
  Verdict verdict() const;
};

/// What scenarios depart from the ordinary by.
inline constexpr std::array<std::string_view, 9> kSuppressions{"script",    "browser", "skew",    "company", "tamper",
                                                               "step_wall", "issuer",  "restart", "kill"};

/// By what and how a run is made; the same for all its scenarios.
struct RunSettings {
  Transport transport = Transport::kDirect;
  Rules rules;
  oidc::Duration real_time = std::chrono::seconds{10};  ///< the longest scenario on a real clock
  /// Kind of fault that is taken away on purpose, one of `kSuppressions`: then nothing may pass. "": none.
  std::string suppress{};
};

/// Runs scenarios. The transports, a server if one is needed, and the temporary directory
/// live as long as this. Thread-safe: scenarios share nothing but the server.
class Runner {
 public:
  /// Errors: `kInvalidArgument` if the client cannot use that transport.
  static oidc::Result<std::unique_ptr<Runner>> create(AdapterFactory& client, RunSettings settings);
  ~Runner();

  /// What the client says of itself; it is asked once. Books that do not exist make it `Broken`.
  std::variant<Hello, Broken> hello();

  Outcome run(const Scenario& scenario);

 private:
  class Impl;
  explicit Runner(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace scenarios
