#pragma once

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <stdexcept>

#include "judged_run.hpp"
#include "oidc/form.hpp"
#include "oidc/url.hpp"
#include "scenarios/runner.hpp"

/// A small client in this process, with what it declares and does wrong.
namespace scenarios::fake {

using oidc::Json;

inline Hello hello() {
  Hello said;
  said.name = "fake";
  said.ops = {"get_access_token", "refresh", "storage_seed", "login", "request"};
  said.flows = {"code"};
  said.capabilities = {"storage", "typed_errors", "threads"};
  said.time = TimeKind::kVirtual;
  said.auth_methods = {"none"};
  return said;
}

/// What the fake client says of itself, and what it does wrong or at all.
struct Behaviour {
  Hello hello = fake::hello();
  bool dies = false;
  bool overdue = false;
  bool lies_about_ops = false;
  bool throws = false;
  bool introduces_itself = true;
  bool starts = true;
  bool exits_cleanly = true;
  bool talks = false;
  oidc::Duration sleeps{};
};

/// What was asked of all clients of one factory. Thread-safe.
class Diary {
 public:
  void note(const std::string& what) {
    const std::scoped_lock lock{mutex_};
    entries_.push_back(what);
  }
  std::vector<std::string> entries() const {
    const std::scoped_lock lock{mutex_};
    return entries_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> entries_;  // guarded by mutex_
};

/// One file; one refresh for each call of get_access_token.
class Client final : public Adapter {
 public:
  Client(Behaviour behaviour, ClientSetup setup, Surroundings surroundings, Diary& diary)
      : behaviour_{std::move(behaviour)},
        setup_{std::move(setup)},
        surroundings_{std::move(surroundings)},
        diary_{diary} {}

  bool set_saving_fails(bool /*fails*/) override { return false; }
  std::string output() const override { return output_; }
  std::variant<std::monostate, Broken> shutdown() override {
    if (behaviour_.exits_cleanly) {
      return std::monostate{};
    }
    return Broken{Broken::Who::kSut, "killed by signal 11"};
  }

  CallResult call(const Call& call) override {
    diary_.note(call.op);
    if (!behaviour_.hello.ops.contains(call.op)) {
      return Unsupported{"\"" + call.op + "\" is not listed"};
    }
    if (call.op == "storage_seed") {
      std::ofstream{file()} << oidc::to_text(call.args["credential"]);
      return Ok{};
    }
    if (auto failed = misbehave()) {
      return *std::move(failed);
    }
    if (call.op == "request") {
      const auto reply = surroundings_.transport->send({"GET", call.args["url"].get<std::string>(), {}, ""});
      return Ok{{{"status", reply->status}}};
    }
    if (call.op == "authorization_url") {
      return Ok{{{"url", authorization_url()}}};
    }
    if (call.op == "callback") {
      return redeem(call.args["url"].get<std::string>());
    }
    surroundings_.clock.sleep_for(behaviour_.sleeps);
    return refresh();
  }

 private:
  static constexpr const char* kVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";  // RFC 7636 appendix B
  static constexpr const char* kChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
  static constexpr const char* kRedirect = "http://127.0.0.1:1/callback";  // nobody listens: the caller hands it over

  std::filesystem::path file() const { return std::filesystem::path{setup_.storage_dir} / "token.json"; }

  std::optional<CallResult> misbehave() {
    if (behaviour_.throws) {
      std::ifstream stream{file()};
      const std::string token = Json::parse(stream)["refresh_token"];
      throw std::runtime_error{"a bug in the harness at " + token};
    }
    if (behaviour_.dies) {
      return Broken{Broken::Who::kSut, "killed by signal 11"};
    }
    if (behaviour_.overdue) {
      return Overdue{"still polling after 3600 s"};
    }
    if (behaviour_.lies_about_ops) {
      return Unsupported{"not today"};
    }
    return std::nullopt;
  }

  std::string authorization_url() const {
    const oidc::Form query{{"response_type", "code"},
                           {"client_id", setup_.client_id},
                           {"redirect_uri", kRedirect},
                           {"scope", "openid offline_access"},
                           {"state", "a-state"},
                           {"code_challenge", kChallenge},
                           {"code_challenge_method", "S256"}};
    return setup_.issuer + "/authorize?" + query.encode();
  }

  CallResult redeem(const std::string& redirect) {
    const auto parameters = oidc::parse_form(oidc::parse_url(redirect)->query);
    if (const auto error = parameters->get("error")) {
      return Err{"denied", true, *error, 0, "", ""};
    }
    return take(ask({{"grant_type", "authorization_code"},
                     {"code", parameters->get("code").value_or("")},
                     {"redirect_uri", kRedirect},
                     {"code_verifier", kVerifier}}),
                Json::object());
  }

  CallResult refresh() {
    std::ifstream stream{file()};
    const Json stored = Json::parse(stream);
    const auto token = stored["refresh_token"].get<std::string>();
    if (behaviour_.talks) {
      output_ += "refreshing with " + token;
    }
    return take(ask({{"grant_type", "refresh_token"}, {"refresh_token", token}}), stored);
  }

  oidc::Result<oidc::HttpResponse> ask(oidc::Form form) {
    form.add("client_id", setup_.client_id);
    return surroundings_.transport->send(
        {"POST", setup_.issuer + "/token", {{"Content-Type", "application/x-www-form-urlencoded"}}, form.encode()});
  }

  CallResult take(const oidc::Result<oidc::HttpResponse>& reply, Json next) {
    if (!reply) {
      return Err{"network", false, "", 0, "", reply.error().message};
    }
    const auto parsed = oidc::parse_json(reply->body);
    const Json body = parsed ? *parsed : Json::object();
    if (reply->status != 200) {
      return Err{"reauth_required", true, oidc::string_member(body, "error").value_or(""), reply->status, "", ""};
    }
    next.update(body);
    // Replaced as a whole: other clients read it at the same time.
    const auto temporary = file().string() + "." + std::to_string(surroundings_.seed) + "." + std::to_string(++saves_);
    std::ofstream{temporary} << next.dump();
    std::filesystem::rename(temporary, file());
    return Ok{{{"access_token", body["access_token"]}}};
  }

  Behaviour behaviour_;
  ClientSetup setup_;
  Surroundings surroundings_;
  Diary& diary_;
  std::string output_;
  std::atomic<int> saves_ = 0;
};

class Factory final : public AdapterFactory {
 public:
  explicit Factory(Behaviour behaviour = {}) : behaviour_{std::move(behaviour)} {}

  std::variant<Hello, Broken> hello() override {
    if (!behaviour_.introduces_itself) {
      return Broken{Broken::Who::kAdapter, "no such program"};
    }
    return behaviour_.hello;
  }
  std::variant<std::unique_ptr<Adapter>, Broken> start(const ClientSetup& setup,
                                                       const Surroundings& surroundings) override {
    ++started_;
    {
      const std::scoped_lock lock{mutex_};
      setup_ = setup;
    }
    if (!behaviour_.starts) {
      return Broken{Broken::Who::kAdapter, "configure is unsupported"};
    }
    return std::unique_ptr<Adapter>{std::make_unique<Client>(behaviour_, setup, surroundings, diary_)};
  }
  bool can_use_direct_transport() const override { return true; }
  std::string description() const override { return "fake"; }

  int started() const { return started_; }
  std::vector<std::string> calls() const { return diary_.entries(); }
  /// What the last client was told.
  ClientSetup setup() const {
    const std::scoped_lock lock{mutex_};
    return setup_;
  }

 private:
  Behaviour behaviour_;
  Diary diary_;
  std::atomic<int> started_ = 0;
  mutable std::mutex mutex_;
  ClientSetup setup_;  // guarded by mutex_
};

/// A run of a scenario, and whom it was run against.
struct Run {
  Outcome outcome;
  std::vector<std::string> calls;
  int started = 0;
  ClientSetup setup;
};

inline Run run(const Scenario& scenario, Behaviour behaviour = {}, RunSettings settings = {}) {
  Factory factory{std::move(behaviour)};
  Run made;
  made.outcome = Runner::create(factory, std::move(settings)).value()->run(scenario);
  made.calls = factory.calls();
  made.started = factory.started();
  made.setup = factory.setup();
  return made;
}

inline const CheckResult& check(const Run& run, const std::string& id) {
  return made::check(run.outcome.checks, id);
}

inline std::string verdict(const Run& run, const std::string& id) {
  return std::string{to_string(check(run, id).verdict)};
}

inline std::string all(const Outcome& outcome) {
  std::string text;
  for (const CheckResult& result : outcome.checks) {
    text += result.check + " " + std::string{to_string(result.verdict)} + " | " + result.expected + " | " +
            result.observed + "\n";
  }
  return text;
}

inline Scenario scenario(const std::string& lines) {
  return made::scenario_of(lines);
}

inline RunSettings over(Transport transport) {
  RunSettings settings;
  settings.transport = transport;
  return settings;
}

/// A stored session whose token is refreshed once.
inline constexpr const char* kRefresh = R"(
session: {state: expired}
steps:
  - {do: get_access_token, expect: {ok: {access_token: at#2}}, check: renewed}
expect:
  - {check: once, requests: {to: token, count: 1}, because: c}
  - {check: stored, storage: {contains: [rt#2], absent: [rt#1]}, because: c}
)";

/// That with `more` before its first step.
inline Scenario refresh_after(const std::string& more) {
  std::string text = kRefresh;
  return scenario(text.insert(text.find("  - {do:"), more));
}

}  // namespace scenarios::fake
