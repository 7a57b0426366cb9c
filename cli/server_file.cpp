#include "server_file.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "oidc/url.hpp"

namespace cli {
namespace {

scenarios::Problem at_its_place(const oidc::SchemaProblem& problem, const scenarios::Document& document) {
  const bool about_key = problem.message.starts_with("unknown key");
  const auto place = about_key ? document.key_place_of(problem.pointer) : document.place_of(problem.pointer);
  return {place, to_sentence(problem)};
}

}  // namespace

std::string to_line(const oidc::SchemaProblem& problem, const ServerFile& file) {
  if (file.name.empty()) {
    return problem.pointer + ": " + to_sentence(problem);
  }
  return scenarios::to_lines({at_its_place(problem, file.document)}, file.name);
}

oidc::Result<ServerFile> read_server_file(const std::string& name) {
  ServerFile file{.name = name};
  file.document.value = oidc::Json::object();
  if (name.empty()) {
    return file;
  }
  auto document = scenarios::read_document(name);
  if (!document) {
    return std::move(document).error();
  }
  file.document = *std::move(document);
  const oidc::Json& json = file.document.value;
  file.of_server = mockserver::is_server_config(json);
  const auto found = file.of_server ? mockserver::check_server_config(json) : mockserver::check_issuer_config(json);
  if (!found.empty()) {
    std::vector<scenarios::Problem> problems;
    problems.reserve(found.size());
    for (const auto& problem : found) {
      problems.push_back(at_its_place(problem, file.document));
    }
    return oidc::Error{oidc::Errc::kBadInput, scenarios::to_lines(std::move(problems), name)};
  }
  if (file.of_server) {
    file.config = mockserver::read_server_config(json);
  }
  return file;
}

oidc::Result<oidc::Json> issuer_at(const ServerFile& file, const std::string& url) {
  if (!file.of_server) {
    oidc::Json body = oidc::Json::object();
    body["config"] = file.document.value;
    return body;
  }
  const auto parsed = oidc::parse_url(url);
  const std::string name = parsed && parsed->path.size() > 1 ? parsed->path.substr(1) : "";
  std::vector<std::string> names;
  for (const auto& [known, body] : file.config.issuers) {
    if (known == name || (name.empty() && body.value("at_root", false))) {
      return body;
    }
    names.push_back(known);
  }
  if (names.empty() || file.config.auto_issuers.value_or(false)) {
    return oidc::Json::object();
  }
  if (names.size() == 1) {
    return file.config.issuers.begin()->second;
  }
  const std::string hint = oidc::did_you_mean(name, names);
  return oidc::Error{oidc::Errc::kInvalidArgument,
                     fmt::format("--issuer: {} has no issuer \"{}\"{}", file.name, name,
                                 hint.empty() ? fmt::format(" (there are: {})", fmt::join(names, ", ")) : hint)};
}

bool is_serve_config(const oidc::Json& json) {
  if (!json.is_object() || mockserver::is_server_config(json)) {
    return json.is_object();
  }
  // What every scenario has and no configuration.
  constexpr std::array<const char*, 4> kOfScenarios = {"title", "why", "statements", "steps"};
  const auto has = [&](const auto& name) { return json.contains(name); };
  return std::ranges::none_of(kOfScenarios, has) && std::ranges::any_of(mockserver::issuer_config_keys(), has);
}

}  // namespace cli
