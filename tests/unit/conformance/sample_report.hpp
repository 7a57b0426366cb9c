#pragma once

#include <fstream>
#include <sstream>
#include <string>

#include "conformance/report.hpp"

/// A report made by hand: one scenario that passes, one that fails in several ways, one that the client cannot do, and
/// one of lesser verdicts. Everything in it is fixed, so that the views can be compared with files.
namespace testing_support {

using namespace std::chrono_literals;

inline const scenarios::Scenario& rotation_scenario() {
  static const scenarios::Scenario kScenario = [] {
    scenarios::Scenario s;
    s.id = "refresh/rotation-survives-restart";
    s.title = "A rotated refresh token is on disk before the client restarts";
    s.why = "losing it logs the user out <an hour> later";
    s.statements = {"RFR-008", "RFC6749-6-ROTATION"};
    s.file = "library/refresh/rotation-survives-restart.yaml";
    s.source =
        "title: x\nexpect:\n  - {check: stored, storage: {contains: [rt#2]}}\n  - check: sends-the-rotated-token\n";
    return s;
  }();
  return kScenario;
}

inline const scenarios::Scenario& simple_scenario(const std::string& id, const std::string& title) {
  static std::map<std::string, scenarios::Scenario> all;
  scenarios::Scenario& s = all[id];
  s.id = id;
  s.title = title;
  s.statements = {"RFR-008"};
  return s;
}

inline scenarios::CheckResult check(std::string id, std::string statement, scenarios::Verdict verdict) {
  scenarios::CheckResult result;
  result.check = std::move(id);
  result.statement = std::move(statement);
  result.verdict = verdict;
  result.expected = "yes";
  result.observed = verdict == scenarios::Verdict::kPass ? "yes" : "no";
  return result;
}

inline scenarios::Outcome failing_outcome() {
  scenarios::Outcome outcome;
  outcome.scenario = &rotation_scenario();
  outcome.transport = scenarios::Transport::kHttps;
  outcome.virtual_time = 3000s;
  outcome.real_time = 12ms;

  scenarios::CheckResult sent = check("sends-the-rotated-token", "RFC6749-6-ROTATION", scenarios::Verdict::kFail);
  sent.because = "rt#1 was consumed";
  sent.expected = "request 2 to token has refresh_token rt#2";
  sent.observed = "refresh_token rt#1";
  sent.exchanges = {2};
  scenarios::CheckResult noisy = check("no-secret-in-output", "", scenarios::Verdict::kNotReached);
  noisy.observed = "\x1b[31mred & <b>bold</b>\xff";
  scenarios::CheckResult once = check("one-refresh", "RFR-008", scenarios::Verdict::kFail);
  once.expected = "refresh_token requests to token: 1";
  once.observed = "2: #1 t=0 refresh_token rt#1 -> 200, #2 t=3000 refresh_token rt#1 -> 400 invalid_grant";
  once.exchanges = {1, 2};
  outcome.checks = {check("stored", "RFR-008", scenarios::Verdict::kPass), sent, noisy, once};

  outcome.steps = {{1, "get_access_token", 0ms, 0ms, "ok {\"access_token\":\"at#2\"}", 1, 1},
                   {2, "advance 3000 s", 0ms, 3000s, "", 0, 0},
                   {3, "get_access_token", 3000s, 0ms, "err reauth_required", 2, 2}};
  for (std::size_t seq = 1; seq <= 2; ++seq) {
    mockserver::Exchange exchange;
    exchange.seq = seq;
    exchange.offset = seq == 1 ? 0s : 3000s;
    exchange.endpoint = "token";
    exchange.grant = "refresh_token";
    exchange.method = "POST";
    exchange.path = "/token";
    exchange.form = {{"grant_type", "refresh_token"}, {"refresh_token", "rt#1"}};
    exchange.status = seq == 1 ? 200 : 400;
    exchange.reply_headers = {{"Content-Type", "application/json"}};
    exchange.reply_body = seq == 1 ? R"({"access_token":"at#2"})" : R"({"error":"invalid_grant"})";
    if (seq == 2) {
      exchange.steps = {"step-1"};
    }
    outcome.exchanges.push_back(exchange);
  }
  outcome.storage_before = {{"token.json", {"0600", "{\"refresh_token\": \"rt#1\"}"}}};
  outcome.storage_after = {{"token.json", {"0644", "{\"refresh_token\": \"rt#1\"}"}},
                           {"token.json.lock", {"0600", ""}}};
  outcome.output = "warning: <script>alert(1)</script>";
  return outcome;
}

/// A warning, an advice, what does not apply, and what a failed login kept from being tested.
inline scenarios::Outcome lesser_outcome() {
  scenarios::Outcome outcome;
  outcome.scenario = &simple_scenario("device/slow-down", "The client slows down when it is told to");
  outcome.transport = scenarios::Transport::kHttps;
  scenarios::CheckResult applies_not =
      check("issuer-is-compared", "RFC9207-2.4-ISS", scenarios::Verdict::kNotApplicable);
  applies_not.observed = "RFC9207-2.4-ISS: binds only if it supports RFC 9207";
  outcome.checks = {check("jittered", "PRACTICE-JITTER", scenarios::Verdict::kAdvice),
                    check("paced", "RFC8628-3.5-INTERVAL", scenarios::Verdict::kWarn), applies_not};
  for (const char* id : {"stored", "renewed"}) {
    scenarios::CheckResult unreached = check(id, "RFR-008", scenarios::Verdict::kNotReached);
    unreached.cause = "step-2";
    unreached.observed = "because of step-2, which gave err timeout";
    outcome.checks.push_back(unreached);
  }
  return outcome;
}

inline scenarios::Statement documented(const char* id, scenarios::Level level, const char* text, const char* source,
                                       const char* url, const char* book, scenarios::BookKind kind) {
  scenarios::Statement statement{id, level, text, source, url};
  statement.book = book;
  statement.kind = kind;
  return statement;
}

inline scenarios::Statements sample_statements() {
  using scenarios::BookKind;
  using scenarios::Level;
  scenarios::Statements all;
  for (const scenarios::Statement& one :
       {documented("RFR-008", Level::kMust, "What a refresh obtained is stored.", "001.txt, Auth", "", "planet_auth",
                   BookKind::kProduct),
        documented("RFR-009", Level::kCompat, "The old token serves.", "code", "", "planet_auth", BookKind::kProduct),
        documented("RFC6749-6-ROTATION", Level::kMust, "The client uses the new refresh token.", "RFC 6749 §6",
                   "https://www.rfc-editor.org/rfc/rfc6749#section-6", "oauth", BookKind::kSpecification),
        documented("RFC8628-3.5-INTERVAL", Level::kShould, "The client keeps the interval.", "RFC 8628 §3.5",
                   "https://www.rfc-editor.org/rfc/rfc8628#section-3.5", "oauth", BookKind::kSpecification),
        documented("RFC9207-2.4-ISS", Level::kMust, "The client compares the issuer.", "RFC 9207 §2.4",
                   "https://www.rfc-editor.org/rfc/rfc9207#section-2.4", "oauth", BookKind::kSpecification),
        documented("PRACTICE-JITTER", Level::kPractice, "Retries are spread.", "the field", "", "practice",
                   BookKind::kPractice)}) {
    all.emplace(one.id, one);
  }
  return all;
}

inline conformance::Report sample_report() {
  conformance::Report report;
  report.assay_version = "0.1.0";
  report.client = "reference 1.0";
  report.command = "--client 'python3 client.py'";
  report.transport = scenarios::Transport::kHttps;
  report.library_hash = "0123456789ab";
  report.statements = sample_statements();
  report.traceability = {6, 5, 1, {"RFR-009"}, {}};
  report.real_time = 25ms;

  scenarios::Outcome good;
  good.scenario = &simple_scenario("expiry/at-three-quarters", "Renewed after three quarters");
  good.transport = scenarios::Transport::kHttps;
  good.checks = {check("renewed", "RFR-008", scenarios::Verdict::kPass)};
  good.virtual_time = 2701s;
  good.real_time = 8ms;

  scenarios::Outcome unsupported;
  unsupported.scenario = &simple_scenario("refresh/single-flight", "One refresh for all threads");
  unsupported.transport = scenarios::Transport::kHttps;
  unsupported.checks = {check("one-refresh", "RFR-008", scenarios::Verdict::kUnsupported)};
  unsupported.checks[0].observed = "needs the capability threads";

  report.outcomes = {good, failing_outcome(), unsupported, lesser_outcome()};
  return report;
}

/// Scenarios of one check each, with these verdicts.
inline conformance::Report of_verdicts(const std::vector<scenarios::Verdict>& verdicts) {
  conformance::Report report;
  for (const scenarios::Verdict verdict : verdicts) {
    scenarios::Outcome outcome;
    outcome.scenario = &rotation_scenario();
    outcome.checks = {check("c", "RFR-008", verdict)};
    report.outcomes.push_back(outcome);
  }
  return report;
}

/// The file's text; with ASSAY_UPDATE_GOLDEN set, `text` is written there first.
inline std::string golden(const std::string& name, const std::string& text) {
  const std::string path = std::string{ASSAY_SOURCE_DIR} + "/tests/golden/" + name;
  if (std::getenv("ASSAY_UPDATE_GOLDEN") != nullptr) {
    std::ofstream{path} << text;
  }
  std::ifstream file{path};
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

}  // namespace testing_support
