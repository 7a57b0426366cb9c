#pragma once

#include <set>
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
  std::vector<ClientSecret> client_secrets;
  std::string output;                 ///< of the client
  std::vector<std::string> messages;  ///< of its errors
  oidc::Duration virtual_time{};
  bool typed_errors = true;  ///< the client's error kinds can be relied on
  std::string unsupported;   ///< what the client turned out to be unable to do, or ""
  bool started = true;
  std::vector<std::string> undelivered;  ///< script steps that did not take place
  std::size_t scripted = 0;              ///< script steps in all
  std::vector<Broken> unclean_exits;
};

}  // namespace scenarios
