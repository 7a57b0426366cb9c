#include <algorithm>
#include <array>

#include "config/readers.hpp"
#include "control/script_edit.hpp"
#include "embedded.hpp"
#include "mockserver/config.hpp"
#include "mockserver/issuer_clock.hpp"
#include "mockserver/script.hpp"
#include "mockserver/server_config.hpp"

namespace assay::embedded {
extern const std::string_view server_schema_json_text;
}

namespace mockserver {
namespace {

constexpr std::array<const char*, 4> kSections = {"server", "control", "defaults", "issuers"};

oidc::Json parsed(std::string_view text) {
  return oidc::parse_json(text).value();  // an embedded text that is no JSON would be a defect of the build
}

const oidc::Schema& server_schema() {
  static const oidc::Schema kSchema{
      parsed(assay::embedded::server_schema_json_text),
      {parsed(assay::embedded::issuer_schema_json_text), parsed(assay::embedded::step_schema_json_text)}};
  return kSchema;
}

/// "/clients/0/id: another client has this id", at `prefix`.
oidc::SchemaProblem to_problem(const oidc::Error& error, const std::string& prefix) {
  const auto colon = error.message.find(": ");
  if (!error.message.starts_with('/') || colon == std::string::npos) {
    return {prefix, error.message, "", ""};
  }
  const std::string pointer = error.message.substr(0, colon);
  return {prefix + (pointer == "/" ? "" : pointer), error.message.substr(colon + 2), "", ""};
}

/// Every step for itself; then whether they go together, at an issuer of this configuration (null: a bad one).
void check_script(const oidc::Json& script, const IssuerConfig* config, const std::string& pointer,
                  std::vector<oidc::SchemaProblem>& problems) {
  const std::size_t before = problems.size();
  for (std::size_t i = 0; i < script.size(); ++i) {
    if (const auto step = parse_step(script[i], i + 1); !step) {
      problems.push_back(to_problem(step.error(), pointer + "/" + std::to_string(i)));
    }
  }
  if (problems.size() > before || config == nullptr) {
    return;
  }
  const auto steps = control::parse_steps(script, Script{}, *config, pointer);
  if (const auto* problem = std::get_if<control::Problem>(&steps)) {
    problems.push_back({problem->pointer, problem->detail, problem->expected, problem->suggestion});
  }
}

/// What the schema cannot say of an issuer.
void check_issuer(const oidc::Json& issuer, const oidc::Json& defaults, const std::string& pointer,
                  std::vector<oidc::SchemaProblem>& problems) {
  const auto config = parse_issuer_config(join_overlays(defaults, issuer.value("config", oidc::Json::object())));
  if (!config) {
    problems.push_back(to_problem(config.error(), pointer + "/config"));
  }
  check_script(issuer.value("script", oidc::Json::array()), config ? &*config : nullptr, pointer + "/script", problems);
  if (!make_issuer_clock(issuer.value("clock", "system"))) {
    problems.push_back(
        {pointer + "/clock", "not a clock", "\"system\", \"virtual\" or an ISO 8601 time with its zone", ""});
  }
}

template <typename T>
void read(const oidc::Json& section, const char* name, std::optional<T>& value) {
  if (const auto found = section.find(name); found != section.end()) {
    value = found->template get<T>();
  }
}

}  // namespace

bool is_server_config(const oidc::Json& json) {
  return json.is_object() &&
         std::ranges::any_of(kSections, [&](const char* section) { return json.contains(section); });
}

std::vector<oidc::SchemaProblem> check_server_config(const oidc::Json& json) {
  auto problems = server_schema().check(json);
  if (!problems.empty()) {
    return problems;
  }
  const oidc::Json defaults = json.value("defaults", oidc::Json::object());
  if (const auto config = parse_issuer_config(defaults); !config) {
    return {to_problem(config.error(), "/defaults")};
  }
  std::string root;
  const oidc::Json issuers = json.value("issuers", oidc::Json::object());
  for (const auto& [name, issuer] : issuers.items()) {
    check_issuer(issuer, defaults, "/issuers/" + name, problems);
    if (issuer.value("at_root", false)) {
      if (!root.empty()) {
        problems.push_back({"/issuers/" + name + "/at_root", "the issuer \"" + root + "\" lives at the root", "", ""});
      }
      root = name;
    }
  }
  return problems;
}

std::vector<oidc::SchemaProblem> check_issuer_config(const oidc::Json& json) {
  auto problems = issuer_schema().check(json);
  if (problems.empty()) {
    if (const auto config = parse_issuer_config(json); !config) {
      problems.push_back(to_problem(config.error(), ""));
    }
  }
  return problems;
}

std::vector<std::string> issuer_config_keys() {
  std::vector<std::string> keys;
  const oidc::Json schema = parsed(assay::embedded::issuer_schema_json_text);
  for (const auto& [name, member] : schema.at("properties").items()) {
    keys.push_back(name);
  }
  return keys;
}

ServerConfig read_server_config(const oidc::Json& json) {
  ServerConfig config;
  const oidc::Json server = json.value("server", oidc::Json::object());
  read(server, "host", config.host);
  read(server, "port", config.port);
  read(server, "threads", config.threads);
  read(server, "external_url", config.external_url);
  read(server, "trust_forwarded", config.trust_forwarded);
  read(server, "auto_issuers", config.auto_issuers);
  if (const auto tls = server.find("tls"); tls != server.end() && tls->is_object()) {
    read(*tls, "cert", config.cert);
    read(*tls, "key", config.key);
  } else {
    read(server, "tls", config.tls);
  }
  const oidc::Json control = json.value("control", oidc::Json::object());
  read(control, "host", config.control_host);
  read(control, "port", config.control_port);
  read(control, "token", config.control_token);
  config.defaults = json.value("defaults", config.defaults);
  const oidc::Json issuers = json.value("issuers", oidc::Json::object());
  for (const auto& [name, issuer] : issuers.items()) {
    config.issuers.emplace(name, issuer);
  }
  return config;
}

}  // namespace mockserver
