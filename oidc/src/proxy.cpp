#include "oidc/proxy.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>

#include <arpa/inet.h>

#include "oidc/base64url.hpp"

namespace oidc {
namespace {

/// An address as bytes; IPv4 in the form ::ffff:a.b.c.d, so that both compare alike.
using Address = std::array<std::uint8_t, 16>;
constexpr int kV4PrefixBits = 96;

std::optional<Address> parse_address(const std::string& text) {
  Address address{};
  if (inet_pton(AF_INET6, text.c_str(), address.data()) == 1) {
    return address;
  }
  if (inet_pton(AF_INET, text.c_str(), &address[12]) != 1) {
    return std::nullopt;
  }
  address[10] = address[11] = 0xFF;
  return address;
}

bool share_prefix(const Address& a, const Address& b, int bits) {
  for (std::size_t i = 0; i < a.size(); ++i, bits -= 8) {
    const int counted = std::clamp(bits, 0, 8);
    const auto mask = static_cast<std::uint8_t>(0xFF00U >> static_cast<unsigned>(counted));
    if (((a[i] ^ b[i]) & mask) != 0) {
      return false;
    }
  }
  return true;
}

std::optional<int> parse_number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size() && !text.empty();
  return whole ? std::optional{value} : std::nullopt;
}

// "10.0.0.0/8"
bool is_in_block(const std::string& host, const std::string& block) {
  const std::size_t slash = block.find('/');
  if (slash == std::string::npos) {
    return false;
  }
  const auto first = parse_address(block.substr(0, slash));
  const auto address = parse_address(host);
  // A prefix that is no number is as impossible as a negative one.
  const int bits = parse_number(block.substr(slash + 1)).value_or(-1);
  if (!first || !address || bits < 0) {
    return false;
  }
  const bool is_v4 = block.find(':') == std::string::npos;
  return share_prefix(*first, *address, is_v4 ? kV4PrefixBits + bits : bits);
}

// The host with all names below it; a leading dot changes nothing, as with curl.
bool names_host(std::string_view name, const std::string& host) {
  name.remove_prefix(std::min(name.find_first_not_of('.'), name.size()));
  if (name.empty() || host.size() < name.size() || !host.ends_with(name)) {
    return false;
  }
  return host.size() == name.size() || (host[host.size() - name.size() - 1] == '.' && !parse_address(host));
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

// Takes ":port" and brackets off an exception.
std::optional<int> take_port(std::string& text) {
  std::optional<int> port;
  const std::size_t colon = text.rfind(':');
  const bool is_bare_v6 = text.find(':') != colon && text.front() != '[';
  if (colon != std::string::npos && !is_bare_v6 && text.find(']', colon) == std::string::npos) {
    port = parse_number(std::string_view{text}.substr(colon + 1));
    text.resize(colon);
  }
  if (text.size() > 1 && text.front() == '[' && text.back() == ']') {
    text = text.substr(1, text.size() - 2);
  }
  return port;
}

bool is_excepted(const std::string& exception, const Url& target) {
  if (exception.empty() || exception == "*") {
    return !exception.empty();
  }
  std::string text = lower(exception);
  if (is_in_block(target.host, text)) {
    return true;
  }
  const std::optional<int> port = take_port(text);
  return (!port || *port == target.port) && names_host(text, target.host);
}

Error bad_proxy() {
  return {Errc::kInvalidArgument, "the configured proxy is not an http URL"};
}

std::string without_scheme(const std::string& text) {
  constexpr std::string_view kScheme = "http://";
  return lower(text.substr(0, kScheme.size())) == kScheme ? text.substr(kScheme.size()) : text;
}

// RFC 7617 §2, of percent-encoded user information.
Result<std::string> basic(const std::string& userinfo) {
  std::string escaped = userinfo;
  for (std::size_t at = escaped.find('+'); at != std::string::npos; at = escaped.find('+', at)) {
    escaped.replace(at, 1, "%2B");  // a plus is itself here
  }
  const Result<std::string> decoded = form_decode(escaped);
  if (!decoded) {
    return bad_proxy();
  }
  return "Basic " + base64_encode(decoded->find(':') == std::string::npos ? *decoded + ":" : *decoded);
}

Result<std::optional<Proxy>> parse_proxy(const std::string& text) {
  std::string rest = without_scheme(text);
  if (rest.find("://") != std::string::npos) {
    return bad_proxy();  // socks5://, https://
  }
  Proxy proxy;
  const std::size_t at = rest.rfind('@');
  if (at != std::string::npos) {
    auto authorization = basic(rest.substr(0, at));
    if (!authorization) {
      return authorization.error();
    }
    proxy.authorization = *std::move(authorization);
    rest.erase(0, at + 1);
  }
  auto url = parse_url("http://" + rest);
  if (!url) {
    return bad_proxy();
  }
  proxy.url = *std::move(url);
  return std::optional{std::move(proxy)};
}

std::vector<std::string> split_list(const std::string& text) {
  constexpr const char* kSeparators = ", \t";
  std::vector<std::string> parts;
  for (std::size_t begin = text.find_first_not_of(kSeparators); begin != std::string::npos;) {
    const std::size_t end = text.find_first_of(kSeparators, begin);
    parts.push_back(text.substr(begin, end - begin));
    begin = end == std::string::npos ? end : text.find_first_not_of(kSeparators, end);
  }
  return parts;
}

}  // namespace

Result<std::optional<Proxy>> proxy_for(const Proxies& proxies, const Url& target) {
  const std::string& text = target.scheme == "https" ? proxies.https : proxies.http;
  const auto excepts_target = [&](const std::string& exception) { return is_excepted(exception, target); };
  if (text.empty() || is_loopback_host(target.host) ||
      std::any_of(proxies.exceptions.begin(), proxies.exceptions.end(), excepts_target)) {
    return std::optional<Proxy>{};
  }
  return parse_proxy(text);
}

Proxies proxies_from(const std::function<std::optional<std::string>(const std::string& name)>& get) {
  const auto first_of = [&](std::initializer_list<const char*> names) {
    for (const char* name : names) {
      const auto value = get(name);
      if (value && !value->empty()) {
        return *value;
      }
    }
    return std::string{};
  };
  return {.http = first_of({"http_proxy", "all_proxy", "ALL_PROXY"}),
          .https = first_of({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}),
          .exceptions = split_list(first_of({"no_proxy", "NO_PROXY"}))};
}

Proxies proxies_from_environment() {
  return proxies_from([](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>{value};
  });
}

}  // namespace oidc
