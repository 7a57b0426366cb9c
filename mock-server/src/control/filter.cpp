#include "control/filter.hpp"

#include <algorithm>
#include <charconv>

#include "control/bodies.hpp"

namespace mockserver::control {
namespace {

constexpr std::size_t kMaxNumber = 1'000'000'000;

/// What a query says of how much is wanted, not of what.
bool is_amount(const std::string& name) {
  return name == "since" || name == "limit" || name == "count" || name == "timeout";
}

std::optional<Problem> check_endpoint(const oidc::Form& query) {
  const auto& names = endpoint_names();
  const std::string endpoint = query.value_or_empty("endpoint");
  if (endpoint.empty() || std::ranges::find(names, endpoint) != names.end()) {
    return std::nullopt;
  }
  std::string list;
  for (const std::string& name : names) {
    list += (list.empty() ? "one of: " : ", ") + name;
  }
  return Problem{.detail = "unknown endpoint",
                 .parameter = "endpoint",
                 .expected = list,
                 .suggestion = oidc::nearest_name(endpoint, names)};
}

/// A status as it may be asked for: "404", "4xx", or 0 for none.
bool is_status(const std::string& text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return text == "0" ||
         (text.size() == 3 && is_digit(text[0]) && (text.ends_with("xx") || std::ranges::all_of(text, is_digit)));
}

/// What no exchange could ever have.
std::optional<Problem> check_values(const oidc::Form& query) {
  const auto dropped = query.get("dropped");
  if (dropped && *dropped != "true" && *dropped != "false") {
    return Problem{.detail = "unknown value", .parameter = "dropped", .expected = "true or false"};
  }
  const auto status = query.get("status");
  if (status && !is_status(*status)) {
    return Problem{.detail = "not a status", .parameter = "status", .expected = "404, or 4xx for its hundred"};
  }
  return std::nullopt;
}

oidc::Json to_match(const oidc::Form& query) {
  oidc::Json match = oidc::Json::object();
  for (const auto& [name, value] : query) {
    const auto dot = name.find('.');
    if (is_amount(name) || value.empty()) {
      continue;
    }
    if (dot == std::string::npos) {
      match[name] = value;
    } else {
      match[name.substr(0, dot)][name.substr(dot + 1)] = value;
    }
  }
  return match;
}

}  // namespace

std::variant<std::size_t, Problem> read_number(const oidc::Form& query, const std::string& name, std::size_t otherwise,
                                               std::size_t maximum) {
  const auto text = query.get(name);
  if (!text) {
    return otherwise;
  }
  std::size_t value = 0;
  const char* end = text->data() + text->size();
  const auto read = std::from_chars(text->data(), end, value);
  if (read.ec != std::errc{} || read.ptr != end || value > maximum) {
    return Problem{.detail = "not a number in range",
                   .parameter = name,
                   .expected = "a whole number from 0 to " + std::to_string(maximum)};
  }
  return value;
}

oidc::Json name_secrets(oidc::Json match, const Ledger& ledger) {
  if (match.is_string()) {
    return ledger.redact(match.get<std::string>());
  }
  if (match.is_object() && !match.contains("re")) {
    for (auto& [name, value] : match.items()) {
      value = name_secrets(std::move(value), ledger);
    }
  }
  return match;
}

std::variant<Filter, Problem> read_filter(const oidc::Form& query, const Ledger& ledger) {
  if (auto unknown = check_endpoint(query)) {
    return *std::move(unknown);
  }
  if (auto wrong = check_values(query)) {
    return *std::move(wrong);
  }
  const auto since = read_number(query, "since", 0, kMaxNumber);
  if (const auto* problem = std::get_if<Problem>(&since)) {
    return *problem;
  }
  const auto limit = read_number(query, "limit", 0, kMaxNumber);
  if (const auto* problem = std::get_if<Problem>(&limit)) {
    return *problem;
  }
  oidc::Json json = name_secrets(to_match(query), ledger);
  json["since"] = std::get<std::size_t>(since);
  auto match = ExchangeMatch::parse(json);
  if (!match) {
    return to_problem(match.error());
  }
  Filter filter{.match = *std::move(match)};
  if (query.contains("limit")) {
    filter.limit = std::get<std::size_t>(limit);
  }
  return filter;
}

}  // namespace mockserver::control
