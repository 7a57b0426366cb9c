#include "mockserver/exchange_match.hpp"

#include <algorithm>
#include <array>

namespace mockserver {
namespace {

/// The members of a match that hold members of their own.
constexpr std::array<std::string_view, 4> kGroups = {"form", "headers", "reply", "reply_headers"};

/// The library's other way to match goes one call deeper with each character of the value, which a client writes:
/// a long one would end the process. This one has no references to groups (\1).
constexpr auto kPatternKind = std::regex::ECMAScript | std::regex::nosubs | std::regex_constants::__polynomial;
/// Where the pattern begins is left to the pattern: a search would begin anew at each character, and a long value take
/// as many times as long as it is itself.
constexpr const char* kAnything = "[^]*";
/// It is read one call deeper with each bracket.
constexpr std::size_t kLongestPattern = 1000;

std::string to_plain(const oidc::Json& value) {
  return value.is_string() ? value.get<std::string>() : oidc::to_text(value);
}

template <typename Fields>
std::vector<std::string> all_of(const Fields& fields, std::string_view name, bool ignore_case) {
  const auto same = [&](char a, char b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return ignore_case ? lower(a) == lower(b) : a == b;
  };
  std::vector<std::string> values;
  for (const auto& [field, value] : fields) {
    if (std::ranges::equal(field, name, same)) {
      values.push_back(value);
    }
  }
  return values;
}

/// A member of a JSON reply.
std::vector<std::string> in_reply(const Exchange& exchange, const std::string& name) {
  const auto body = oidc::parse_json(exchange.reply_body);
  if (!body || !body->is_object() || !body->contains(name)) {
    return {};
  }
  return {to_plain(body->at(name))};
}

std::vector<std::string> if_said(const std::string& value) {
  return value.empty() ? std::vector<std::string>{} : std::vector{value};
}

/// The values of a field; none if it is absent.
std::vector<std::string> values_of(const Exchange& exchange, const std::string& field) {
  const auto dot = field.find('.');
  const std::string group = field.substr(0, dot);
  if (dot != std::string::npos) {
    const std::string name = field.substr(dot + 1);
    return group == "form"      ? all_of(exchange.form, name, false)
           : group == "headers" ? all_of(exchange.headers, name, true)
           : group == "reply"   ? in_reply(exchange, name)
                                : all_of(exchange.reply_headers, name, true);
  }
  if (field == "step") {
    return exchange.steps;
  }
  if (field == "status") {
    return {std::to_string(exchange.status)};
  }
  if (field == "dropped") {
    return {exchange.dropped ? "true" : "false"};
  }
  return if_said(field == "endpoint"      ? exchange.endpoint
                 : field == "grant"       ? exchange.grant
                 : field == "client"      ? exchange.client
                 : field == "client_auth" ? exchange.client_auth
                 : field == "method"      ? exchange.method
                                          : exchange.path);
}

/// "4xx" stands for every status of the hundred.
bool same(const std::string& field, const std::string& wanted, const std::string& actual) {
  if (field == "status" && wanted.size() == 3 && wanted.ends_with("xx")) {
    return actual.size() == 3 && actual.front() == wanted.front();
  }
  return wanted == actual;
}

std::string joined(const std::vector<std::string>& values) {
  std::string text;
  for (const auto& value : values) {
    text += (text.empty() ? "" : ", ") + value;
  }
  return values.empty() ? "absent" : text;
}

}  // namespace

oidc::Json to_json(const Difference& difference) {
  return {{"field", difference.field}, {"expected", difference.expected}, {"actual", difference.actual}};
}

bool ExchangeMatch::Wanted::holds(const std::vector<std::string>& values) const {
  switch (kind) {
    case Kind::kAbsent:
      return values.empty();
    case Kind::kAny:
      return !values.empty();
    case Kind::kPattern:
      return std::ranges::any_of(values, [&](const auto& value) { return std::regex_match(value, *pattern); });
    case Kind::kText:
      break;
  }
  return std::ranges::any_of(values, [&](const auto& value) { return same(field, text, value); });
}

std::string ExchangeMatch::Wanted::describe() const {
  switch (kind) {
    case Kind::kAbsent:
      return "absent";
    case Kind::kAny:
      return "anything";
    case Kind::kPattern:
      return "/" + text + "/";
    case Kind::kText:
      break;
  }
  return text;
}

oidc::Result<ExchangeMatch::Wanted> ExchangeMatch::wanted(std::string field, const oidc::Json& matcher,
                                                          const std::string& pointer) {
  if (!matcher.is_object()) {
    return Wanted{.field = std::move(field), .text = to_plain(matcher)};
  }
  if (matcher.contains("any")) {
    return Wanted{.field = std::move(field), .kind = Wanted::Kind::kAny};
  }
  if (matcher.contains("absent")) {
    return Wanted{.field = std::move(field), .kind = Wanted::Kind::kAbsent};
  }
  const std::string source = matcher.at("re").get<std::string>();
  if (source.size() > kLongestPattern) {
    return oidc::Error{oidc::Errc::kBadInput,
                       pointer + "/re: is longer than " + std::to_string(kLongestPattern) + " characters"};
  }
  try {
    const std::regex alone{source, kPatternKind};  // "a)(b" is none, whatever stands around it
    return Wanted{
        .field = std::move(field),
        .kind = Wanted::Kind::kPattern,
        .text = source,
        .pattern = std::make_shared<const std::regex>(kAnything + ("(?:" + source + ")") + kAnything, kPatternKind)};
  } catch (const std::regex_error&) {
    return oidc::Error{oidc::Errc::kBadInput, pointer + "/re: not a regular expression (ECMAScript)"};
  }
}

oidc::Result<ExchangeMatch> ExchangeMatch::parse(const oidc::Json& json) {
  ExchangeMatch match;
  for (const auto& [name, value] : json.items()) {
    const bool is_group = std::ranges::find(kGroups, name) != kGroups.end();
    if (name == "since") {
      match.since_ = value.get<std::size_t>();
      continue;
    }
    // A single field is a group of one, so that both go one way.
    const oidc::Json members = is_group ? value : oidc::Json::object({{name, value}});
    for (const auto& [member, matcher] : members.items()) {
      auto one =
          wanted(is_group ? name + "." + member : name, matcher, is_group ? "/" + name + "/" + member : "/" + name);
      if (!one) {
        return std::move(one).error();
      }
      match.wanted_.push_back(*std::move(one));
    }
  }
  return match;
}

bool ExchangeMatch::fits(const Exchange& exchange) const {
  return exchange.seq > since_ &&
         std::ranges::all_of(wanted_, [&](const Wanted& one) { return one.holds(values_of(exchange, one.field)); });
}

std::vector<Difference> ExchangeMatch::differences(const Exchange& exchange) const {
  std::vector<Difference> found;
  if (exchange.seq <= since_) {
    found.push_back({"seq", "more than " + std::to_string(since_), std::to_string(exchange.seq)});
  }
  for (const Wanted& one : wanted_) {
    const auto values = values_of(exchange, one.field);
    if (!one.holds(values)) {
      found.push_back({one.field, one.describe(), joined(values)});
    }
  }
  return found;
}

std::optional<std::string> ExchangeMatch::only_endpoint() const {
  if (wanted_.empty() && since_ == 0) {
    return "";
  }
  const bool only = since_ == 0 && wanted_.size() == 1 && wanted_.front().field == "endpoint" &&
                    wanted_.front().kind == Wanted::Kind::kText;
  return only ? std::optional{wanted_.front().text} : std::nullopt;
}

}  // namespace mockserver
