#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "adapters/pipe_protocol.hpp"
#include "oidc/schema.hpp"

namespace scenarios::pipe {
namespace {

using oidc::Json;
using When = RefreshPolicy::When;

oidc::Error bad_hello(std::string message) {
  return {oidc::Errc::kBadInput, "hello: " + std::move(message)};
}

std::string list_of(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : ", ") + name;
  }
  return text;
}

oidc::Error unknown(std::string_view what, const std::string& name, const std::vector<std::string>& known) {
  return bad_hello(fmt::format("unknown {} \"{}\" (expected one of: {}{})", what, name, list_of(known),
                               oidc::did_you_mean(name, known)));
}

/// A list of strings; absent counts as empty.
oidc::Result<std::vector<std::string>> strings(const Json& object, const char* name) {
  std::vector<std::string> values;
  const Json list = object.contains(name) ? object[name] : Json::array();
  for (const Json& value : list.is_array() ? list : Json::array({0})) {
    if (!value.is_string()) {
      return bad_hello(fmt::format("\"{}\" must be a list of strings", name));
    }
    values.push_back(value.get<std::string>());
  }
  return values;
}

/// As above, each of them one of `known`.
oidc::Result<std::vector<std::string>> known_strings(const Json& object, const char* name, std::string_view what,
                                                     const std::vector<std::string>& known) {
  auto values = strings(object, name);
  for (const std::string& value : values ? *values : std::vector<std::string>{}) {
    if (std::ranges::find(known, value) == known.end()) {
      return unknown(what, value, known);
    }
  }
  return values;
}

/// Seconds, not negative; `name` is for the error.
oidc::Result<oidc::Duration> seconds(const Json& value, const std::string& name) {
  constexpr double kLongest = 1e9;
  if (!value.is_number() || value.get<double>() < 0 || value.get<double>() > kLongest) {
    return bad_hello(fmt::format("\"{}\" must be a number of seconds from 0 to 1e9", name));
  }
  return oidc::Duration{std::llround(value.get<double>() * 1000)};
}

oidc::Result<RefreshPolicy> parse_refresh(const Json& json) {
  static const std::vector<std::string> kWays{"before", "ratio", "on"};
  static const std::vector<std::pair<std::string, When>> kOccasions{
      {"expiry", When::kOnExpiry}, {"401", When::kOn401}, {"request", When::kOnRequest}};
  if (!json.is_object() || json.size() != 1) {
    return bad_hello("\"policy.refresh\" must have exactly one of: before, ratio, on");
  }
  const std::string& way = json.begin().key();
  const Json& value = json.begin().value();
  if (way == "before") {
    const auto before = seconds(value, "policy.refresh.before");
    return before ? oidc::Result<RefreshPolicy>{{When::kBefore, std::chrono::duration<double>(*before).count()}}
                  : before.error();
  }
  if (way == "ratio") {
    const bool is_part = value.is_number() && value.get<double>() > 0 && value.get<double>() <= 1;
    return is_part ? oidc::Result<RefreshPolicy>{{When::kRatio, value.get<double>()}}
                   : bad_hello("\"policy.refresh.ratio\" must be a number above 0, at most 1");
  }
  if (way != "on") {
    return unknown("way to refresh", way, kWays);
  }
  for (const auto& [name, when] : kOccasions) {
    if (value == name) {
      return RefreshPolicy{when};
    }
  }
  return unknown("occasion to refresh", value.is_string() ? value.get<std::string>() : oidc::to_text(value),
                 {"expiry", "401", "request"});
}

oidc::Status parse_keys(const Json& json, Policy& policy) {
  static const std::vector<std::string> kKnown{"max_age", "cooldown"};
  if (!json.is_object()) {
    return bad_hello("\"policy.keys\" must be an object");
  }
  for (const auto& [name, value] : json.items()) {
    if (std::ranges::find(kKnown, name) == kKnown.end()) {
      return unknown("policy of keys", name, kKnown);
    }
    const auto duration = seconds(value, "policy.keys." + name);
    if (!duration) {
      return duration.error();
    }
    (name == "max_age" ? policy.keys_age : policy.keys_pause) = *duration;
  }
  return oidc::Done{};
}

/// One of two words: true for the first.
oidc::Result<bool> either(const Json& value, std::string_view what, const char* yes, const char* no) {
  if (value != yes && value != no) {
    return unknown(what, value.is_string() ? value.get<std::string>() : oidc::to_text(value), {yes, no});
  }
  return value == yes;
}

oidc::Status parse_member(const std::string& name, const Json& value, Policy& policy) {
  static const std::vector<std::string> kKnown{"refresh", "retries", "max_wait", "leeway", "redirect", "keys"};
  // Each reads its own kind of value and says what is wrong with it.
  const auto take = [](auto read, auto& into) -> oidc::Status {
    if (!read) {
      return read.error();
    }
    into = *read;
    return oidc::Done{};
  };
  if (name == "refresh") {
    return take(parse_refresh(value), policy.refresh);
  }
  if (name == "retries") {
    return take(either(value, "policy of retries", "in_call", "caller"), policy.retries_in_call);
  }
  if (name == "redirect") {
    return take(either(value, "way of the redirect", "listener", "callback"), policy.listens);
  }
  if (name == "max_wait") {
    return take(seconds(value, "policy.max_wait"), policy.max_wait);
  }
  if (name == "leeway") {
    return take(seconds(value, "policy.leeway"), policy.leeway);
  }
  return name == "keys" ? parse_keys(value, policy) : oidc::Status{unknown("policy", name, kKnown)};
}

oidc::Result<Policy> parse_policy(const Json& json) {
  Policy policy;
  if (!json.is_object()) {
    return bad_hello("\"policy\" must be an object");
  }
  for (const auto& [name, value] : json.items()) {
    if (const auto read = parse_member(name, value, policy); !read) {
      return read.error();
    }
  }
  return policy;
}

oidc::Result<TimeKind> parse_time(const Json& value) {
  const std::string name = value.is_string() ? value.get<std::string>() : oidc::to_text(value);
  for (const TimeKind kind : {TimeKind::kVirtual, TimeKind::kReal, TimeKind::kFaked}) {
    if (to_string(kind) == name) {
      return kind;
    }
  }
  return unknown("time", name, {"virtual", "real", "faketime"});
}

/// What nobody reads would be presumed to be in force.
oidc::Status check_members(const Json& ok) {
  static const std::vector<std::string> kKnown{"protocol", "sut",   "ops",          "flows", "capabilities",
                                               "time",     "books", "auth_methods", "policy"};
  for (const auto& [name, value] : ok.items()) {
    if (std::ranges::find(kKnown, name) == kKnown.end()) {
      return unknown("member", name, kKnown);
    }
  }
  return oidc::Done{};
}

/// The lists of `ok`, into `hello`.
oidc::Status parse_lists(const Json& ok, Hello& hello) {
  const auto ops = strings(ok, "ops");
  const auto capabilities = strings(ok, "capabilities");
  const auto books = strings(ok, "books");
  const auto flows = known_strings(ok, "flows", "flow", {"code", "device", "client_credentials", "password"});
  const auto methods = known_strings(ok, "auth_methods", "way to authenticate",
                                     {"none", "client_secret_basic", "client_secret_post", "private_key_jwt"});
  for (const auto* list : {&ops, &flows, &capabilities, &books, &methods}) {
    if (!*list) {
      return list->error();
    }
  }
  hello.ops = {ops->begin(), ops->end()};
  hello.flows = {flows->begin(), flows->end()};
  hello.capabilities = {capabilities->begin(), capabilities->end()};
  hello.books = {books->begin(), books->end()};
  hello.auth_methods = methods->empty() ? std::vector<std::string>{"none"} : *methods;
  return oidc::Done{};
}

}  // namespace

oidc::Result<Hello> parse_hello(const Json& ok) {
  if (!ok.contains("protocol") || ok["protocol"] != kProtocol) {
    return bad_hello(fmt::format("\"protocol\" must be {}", kProtocol));
  }
  const auto sut = ok.find("sut");
  const auto name = sut == ok.end() ? std::nullopt : oidc::string_member(*sut, "name");
  if (!name || name->empty()) {
    return bad_hello("\"sut\" must be an object with a \"name\"");
  }
  if (const auto known = check_members(ok); !known) {
    return known.error();
  }
  Hello hello;
  hello.name = *name;
  hello.version = oidc::string_member(*sut, "version").value_or("");
  hello.language = oidc::string_member(*sut, "language").value_or("");
  if (const auto lists = parse_lists(ok, hello); !lists) {
    return lists.error();
  }
  const auto time = parse_time(ok.contains("time") ? ok["time"] : Json("real"));
  auto policy = parse_policy(ok.contains("policy") ? ok["policy"] : Json::object());
  if (!time || !policy) {
    return time ? policy.error() : time.error();
  }
  hello.time = *time;
  hello.policy = *std::move(policy);
  if (hello.capabilities.contains("threads")) {
    return bad_hello("the capability \"threads\" cannot be had over pipes, where one call is outstanding at a time");
  }
  return hello;
}

}  // namespace scenarios::pipe
