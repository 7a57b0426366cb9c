#include <algorithm>
#include <map>

#include "mockserver/serving.hpp"
#include "oidc/url.hpp"

namespace mockserver {
namespace {

std::string lower(std::string_view text) {
  std::string result{text};
  std::ranges::transform(result, result.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  const auto last = text.find_last_not_of(" \t");
  return first == std::string_view::npos ? std::string_view{} : text.substr(first, last - first + 1);
}

/// The first of a list: what the outermost proxy saw.
std::string first_of(const oidc::Headers& headers, std::string_view name) {
  const std::string value = headers.get(name).value_or("");
  return std::string{trimmed(std::string_view{value}.substr(0, value.find(',')))};
}

/// The parameters of the first element of Forwarded (RFC 7239 section 4), names in lower case, quotes gone.
std::map<std::string, std::string> read_forwarded(const std::string& element) {
  std::map<std::string, std::string> pairs;
  std::string name;
  std::string value;
  bool in_value = false;
  bool quoted = false;
  const auto finish = [&] {
    pairs.emplace(lower(trimmed(name)), std::string{trimmed(value)});
    name.clear();
    value.clear();
    in_value = false;
  };
  for (std::size_t i = 0; i < element.size(); ++i) {
    const char c = element[i];
    if (quoted && c == '\\' && i + 1 < element.size()) {
      value += element[++i];
    } else if (in_value && c == '"') {
      quoted = !quoted;
    } else if (!quoted && c == ',') {
      break;  // the next element is that of a proxy further in
    } else if (!quoted && c == ';') {
      finish();
    } else if (!in_value && c == '=') {
      in_value = true;
    } else {
      (in_value ? value : name) += c;
    }
  }
  finish();
  return pairs;
}

/// Nothing if host and port are no authority: a client writes these fields, and what it writes ends up in `iss`.
std::optional<std::string> to_origin(const std::string& scheme, const std::string& authority) {
  if ((scheme != "http" && scheme != "https") || authority.empty()) {
    return std::nullopt;
  }
  const auto url = oidc::parse_url(scheme + "://" + authority);
  const bool only_authority = authority.find_first_of("/?#@\\ ") == std::string::npos;
  return url && only_authority && !url->host.empty() ? std::optional{url->origin()} : std::nullopt;
}

}  // namespace

std::optional<std::string> forwarded_origin(const oidc::Headers& headers, const std::string& scheme) {
  const std::string host = headers.get("Host").value_or("");
  const auto or_own = [&](const std::string& proto) { return proto.empty() ? scheme : lower(proto); };
  if (const auto forwarded = headers.get("Forwarded")) {
    auto pairs = read_forwarded(*forwarded);
    return to_origin(or_own(pairs["proto"]), pairs["host"].empty() ? host : pairs["host"]);
  }
  std::string authority = first_of(headers, "X-Forwarded-Host");
  authority = authority.empty() ? host : authority;
  const std::string port = first_of(headers, "X-Forwarded-Port");
  const auto colon = authority.rfind(':');
  const bool has_port = colon != std::string::npos && authority.find(']', colon) == std::string::npos;
  if (!port.empty()) {
    authority = (has_port ? authority.substr(0, colon) : authority) + ":" + port;
  }
  return to_origin(or_own(first_of(headers, "X-Forwarded-Proto")), authority);
}

}  // namespace mockserver
