#include <algorithm>
#include <charconv>

#include "control/actions.hpp"
#include "control/bodies.hpp"
#include "control/waiting.hpp"

namespace mockserver::control {
namespace {

constexpr std::size_t kMaxTimeout = 300;
constexpr std::size_t kMaxCount = 1'000'000'000;

/// A whole number up to `maximum`; nothing for anything else.
std::optional<std::size_t> to_number(const std::string& text, std::size_t maximum) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size() && value <= maximum;
  return whole ? std::optional{value} : std::nullopt;
}

Problem bad_number(std::string parameter, std::size_t maximum) {
  return {.detail = "not a number in range",
          .parameter = std::move(parameter),
          .expected = "a whole number from 0 to " + std::to_string(maximum)};
}

std::optional<Problem> check_endpoint(const std::string& endpoint) {
  const auto& names = endpoint_names();
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

/// The exchanges after number `since` with that endpoint ("" = any).
oidc::Json exchanges_to_json(const Journal& journal, const std::string& endpoint, std::size_t since) {
  oidc::Json list = oidc::Json::array();
  for (const Exchange& exchange : journal.exchanges()) {
    if (exchange.seq > since && (endpoint.empty() || exchange.endpoint == endpoint)) {
      list.push_back(to_json(exchange));
    }
  }
  return {{"requests", std::move(list)}, {"dropped", journal.dropped()}};
}

}  // namespace

oidc::HttpResponse list_requests(Call& call) {
  const std::string endpoint = call.query.value_or_empty("endpoint");
  if (const auto unknown = check_endpoint(endpoint)) {
    return problem_reply(*unknown);
  }
  const auto since = to_number(call.query.get("since").value_or("0"), kMaxCount);
  if (!since) {
    return problem_reply(bad_number("since", kMaxCount));
  }
  return json_reply(200, exchanges_to_json(call.issuer->journal(), endpoint, *since));
}

oidc::HttpResponse await_requests(Call& call) {
  const std::string endpoint = call.query.value_or_empty("endpoint");
  if (const auto unknown = check_endpoint(endpoint)) {
    return problem_reply(*unknown);
  }
  const auto count = to_number(call.query.get("count").value_or("1"), kMaxCount);
  if (!count) {
    return problem_reply(bad_number("count", kMaxCount));
  }
  const auto timeout = to_number(call.query.get("timeout").value_or("5"), kMaxTimeout);
  if (!timeout) {
    return problem_reply(bad_number("timeout", kMaxTimeout));
  }
  const Journal& journal = call.issuer->journal();
  const auto problem = await(
      call, std::chrono::seconds{*timeout},
      [&](std::chrono::milliseconds slice) { return journal.wait_for(endpoint, *count, slice); },
      [&] {
        return std::to_string(journal.count(endpoint)) + " of " + std::to_string(*count) + " requests came within " +
               std::to_string(*timeout) + " s";
      });
  if (problem) {
    return problem_reply(*problem);
  }
  return json_reply(200, exchanges_to_json(journal, endpoint, 0));
}

}  // namespace mockserver::control
