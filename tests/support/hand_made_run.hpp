#pragma once

#include <gmock/gmock.h>

#include "checks/check.hpp"
#include "rules_world.hpp"

namespace scenarios {

/// A hand-made run: one discovery, three token requests at 0, 5 and 15 s, one file, two steps.
class ChecksTest : public ::testing::Test {
 protected:
  ChecksTest() {
    const oidc::TimePoint now{};
    ledger_.record("rt", "refresh-token-one", "", now);
    ledger_.record("rt", "refresh-token-two", "rt#1", now);
    evidence_.ledger = &ledger_;
    add("discovery", "", 0, {});
    add("token", "device_code", 0, {{"device_code", "dc#1"}, {"scope", "api"}});
    add("token", "refresh_token", 5, {{"refresh_token", "rt#1"}, {"refresh_token", ""}, {"client_secret", ""}});
    add("token", "refresh_token", 15, {{"refresh_token", "rt#2"}, {"client_id", "app"}});
    evidence_.exchanges.back().status = 400;
    evidence_.exchanges.back().reply_body = R"({"error":"invalid_grant"})";
    evidence_.records = {{1, "login", {}, {}, "ok", 1, 2}, {2, "advance", {}, {}, "", 0, 0}};
    evidence_.storage_after = {{"./", {"0700", ""}},
                               {"auth/", {"0700", ""}},
                               {"auth/token.json", {"0600", R"({"refresh_token":"refresh-token-two","x":1})"}},
                               {"auth/token.json.lock", {"0600", ""}}};
    evidence_.storage_before = evidence_.storage_after;
    evidence_.live_tokens = {"rt#2"};
    evidence_.virtual_time = std::chrono::seconds{10};
    evidence_.hello.capabilities = {"typed_errors"};
  }

  void add(const std::string& endpoint, const std::string& grant, int seconds, oidc::Form form) {
    mockserver::Exchange exchange = made::exchange(endpoint, grant, std::move(form));
    exchange.seq = evidence_.exchanges.size() + 1;
    exchange.offset = std::chrono::seconds{seconds};
    evidence_.exchanges.push_back(exchange);
  }

  mockserver::Ledger ledger_;
  Evidence evidence_;
};

inline std::string word(Answer answer) {
  switch (answer) {
    case Answer::kKept:
      return "kept";
    case Answer::kBroken:
      return "broken";
    case Answer::kNoEvidence:
      return "no evidence";
    case Answer::kOtherError:
      return "another error";
    case Answer::kUntold:
      return "untold";
    case Answer::kErrorSut:
      return "ERROR(sut)";
    case Answer::kErrorAdapter:
      return "ERROR(adapter)";
    case Answer::kErrorHarness:
      break;
  }
  return "ERROR(harness)";
}

/// What a kind of check says of the hand-made run.
struct AnswerCase {
  const char* name;
  Judge judge;
  const char* body;
  Answer answer;
  const char* observed;  ///< part of it
};

}  // namespace scenarios
