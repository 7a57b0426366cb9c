#include "oidc/url.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <arpa/inet.h>

namespace oidc {
namespace {

constexpr std::string_view kHexDigits = "0123456789ABCDEF";
constexpr int kHttpPort = 80;
constexpr int kHttpsPort = 443;
constexpr int kMaxPort = 65'535;

// The <cctype> functions depend on the locale.
bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string to_lower(std::string_view text) {
  std::string lower{text};
  for (char& c : lower) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return lower;
}

Error bad_url(std::string_view why) {
  return {Errc::kInvalidArgument, "URL: " + std::string{why}};
}

int default_port(std::string_view scheme) {
  return scheme == "https" ? kHttpsPort : kHttpPort;
}

bool is_ipv6(const std::string& text) {
  in6_addr address{};
  return inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

bool is_host_character(char c) {
  return is_alpha(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

Status set_port(Url& url, std::string_view text) {
  url.port = default_port(url.scheme);
  if (text.empty()) {
    return Done{};
  }
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool all_digits = std::all_of(text.begin(), text.end(), is_digit);
  if (error != std::errc{} || end != text.data() + text.size() || !all_digits || port == 0 || port > kMaxPort) {
    return bad_url("the port is not a number from 1 to 65535");
  }
  url.port = port;
  return Done{};
}

Status set_authority(Url& url, std::string_view authority) {
  if (authority.find('@') != std::string_view::npos) {
    return bad_url("user information is not allowed");
  }
  if (authority.starts_with('[')) {
    const auto close = authority.find(']');
    if (close == std::string_view::npos) {
      return bad_url("the IPv6 address has no ']'");
    }
    url.host = to_lower(authority.substr(1, close - 1));
    authority.remove_prefix(close + 1);
    if (!is_ipv6(url.host)) {
      return bad_url("the IPv6 address is malformed");
    }
    if (!authority.empty() && authority.front() != ':') {
      return bad_url("something other than a port follows the IPv6 address");
    }
    return set_port(url, authority.empty() ? authority : authority.substr(1));
  }
  const auto colon = std::min(authority.find(':'), authority.size());
  url.host = to_lower(authority.substr(0, colon));
  if (url.host.empty()) {
    return bad_url("the host is missing");
  }
  if (!std::all_of(url.host.begin(), url.host.end(), is_host_character)) {
    return bad_url("the host holds a character that is not allowed");
  }
  return set_port(url, authority.substr(std::min(colon + 1, authority.size())));
}

std::string escape(std::string_view text, std::string_view kept_marks, bool plus_for_space) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_alpha(c) || is_digit(c) || kept_marks.find(c) != std::string_view::npos) {
      out += c;
    } else if (c == ' ' && plus_for_space) {
      out += '+';
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += kHexDigits[byte >> 4U];
      out += kHexDigits[byte & 0xFU];
    }
  }
  return out;
}

int hex_value(char c) {
  if (is_digit(c)) {
    return c - '0';
  }
  if (c >= 'a' && c <= 'f') {
    return c - 'a' + 10;
  }
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

}  // namespace

std::string Url::origin() const {
  const bool is_address = host.find(':') != std::string::npos;
  std::string text = scheme + "://" + (is_address ? "[" + host + "]" : host);
  if (port != default_port(scheme)) {
    text += ":" + std::to_string(port);
  }
  return text;
}

std::string Url::target() const {
  return query.empty() ? path : path + "?" + query;
}

std::string Url::to_string() const {
  return origin() + target() + (fragment.empty() ? "" : "#" + fragment);
}

Result<Url> parse_url(std::string_view text) {
  const auto is_refused = [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7F || c == '\\';
  };
  if (std::any_of(text.begin(), text.end(), is_refused)) {
    return bad_url("a space, control character, backslash or non-ASCII character is not allowed");
  }
  Url url;
  const auto scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos) {
    return bad_url("it is not absolute");
  }
  url.scheme = to_lower(text.substr(0, scheme_end));
  if (url.scheme != "http" && url.scheme != "https") {
    return bad_url("the scheme is neither http nor https");
  }
  text.remove_prefix(scheme_end + 3);
  if (const auto hash = text.find('#'); hash != std::string_view::npos) {
    url.fragment = text.substr(hash + 1);
    text = text.substr(0, hash);
  }
  if (const auto mark = text.find('?'); mark != std::string_view::npos) {
    url.query = text.substr(mark + 1);
    text = text.substr(0, mark);
  }
  const auto slash = std::min(text.find('/'), text.size());
  url.path = slash == text.size() ? "/" : std::string{text.substr(slash)};
  const auto authority = set_authority(url, text.substr(0, slash));
  if (!authority) {
    return authority.error();
  }
  return url;
}

bool is_loopback_host(std::string_view host) {
  const std::string name = to_lower(host);
  if (name == "localhost") {
    return true;
  }
  in_addr v4{};
  if (inet_pton(AF_INET, name.c_str(), &v4) == 1) {
    return (ntohl(v4.s_addr) >> 24U) == 127;
  }
  in6_addr v6{};
  return inet_pton(AF_INET6, name.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

std::string append_query(std::string_view url, std::string_view query) {
  if (query.empty()) {
    return std::string{url};
  }
  const auto hash = std::min(url.find('#'), url.size());
  std::string out{url.substr(0, hash)};
  if (out.find('?') == std::string::npos) {
    out += '?';
  } else if (out.back() != '?' && out.back() != '&') {
    out += '&';
  }
  return out.append(query).append(url.substr(hash));
}

std::string form_encode(std::string_view text) {
  return escape(text, "*-._", true);
}

std::string percent_encode(std::string_view text) {
  return escape(text, "-._~", false);
}

Result<std::string> form_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      return Error{Errc::kInvalidArgument, "form: broken escape at offset " + std::to_string(i)};
    }
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

}  // namespace oidc
