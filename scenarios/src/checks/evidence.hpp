#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "checks/secrets.hpp"
#include "mockserver/journal.hpp"
#include "mockserver/ledger.hpp"
#include "scenarios/adapter.hpp"
#include "scenarios/runner.hpp"

namespace scenarios {

/// How one step went, as far as it is judged.
struct StepEvidence {
  bool ran = false;
  bool skipped = false;             ///< the client cannot do what the step alone needs
  std::vector<CallResult> results;  ///< secrets by their names; one, or one for each parallel call
  std::string obstacle;             ///< why the step could not take place, or ""
};

/// Everything that can be seen when a scenario is over. Secrets are still in it.
struct Evidence {
  std::vector<mockserver::Exchange> exchanges;  ///< of the client and its browser; redacted
  std::vector<StepRecord> records;
  std::vector<StepEvidence> steps;  ///< as many as the scenario has
  StorageSnapshot storage_before;   ///< at the beginning, or after the last tamper step
  StorageSnapshot storage_after;
  std::vector<std::string> live_tokens;
  const mockserver::Ledger* ledger = nullptr;
  std::function<std::optional<std::string>(const std::string& shown)> reveal;  ///< the value behind a fingerprint
  std::vector<ClientSecret> client_secrets;
  std::string output;                 ///< of the client
  std::vector<std::string> messages;  ///< of its errors
  oidc::Duration virtual_time{};
  oidc::Duration slack{};                ///< by how much a measured wait may be shorter: 0 on a virtual clock
  Hello hello;                           ///< what the client says of itself
  std::string unsupported;               ///< what the client turned out to be unable to do, or ""
  std::string not_started;               ///< the check that says why nothing was run: "start" or "seed"; "": it was
  std::vector<std::string> undelivered;  ///< script steps that did not take place
  std::vector<Broken> unclean_exits;
  std::vector<std::string> asked_for;  ///< URLs that steps told the client to request
};

}  // namespace scenarios
