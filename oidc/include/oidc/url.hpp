#pragma once

#include <string>
#include <string_view>

#include "oidc/result.hpp"

namespace oidc {

/// The parts of an absolute http or https URL (RFC 3986), as written: nothing is decoded.
struct Url {
  std::string scheme;    ///< lower case
  std::string host;      ///< lower case; an IPv6 address without its brackets
  int port = 0;          ///< 80 or 443 where the URL names none
  std::string path;      ///< starts with '/'; "/" where the URL has none
  std::string query;     ///< without '?'
  std::string fragment;  ///< without '#'

  /// scheme://host[:port], the port only where it isn't the scheme's own.
  std::string origin() const;
  /// path[?query], what a request line holds.
  std::string target() const;
  /// The whole URL.
  std::string to_string() const;
};

/// Errors: `kInvalidArgument` for a relative URL, another scheme, user information,
/// a control character or a bad port.
Result<Url> parse_url(std::string_view text);

/// localhost, 127.0.0.0/8 or ::1 (RFC 8252 §7.3, §8.3).
bool is_loopback_host(std::string_view host);

/// `url` with `query` joined by '?' or, if it has a query already, by '&'.
std::string append_query(std::string_view url, std::string_view query);

/// application/x-www-form-urlencoded: letters, digits, "*-._" stay, space becomes '+'.
std::string form_encode(std::string_view text);
/// Percent-encoding of everything but RFC 3986 unreserved characters.
std::string percent_encode(std::string_view text);
/// Errors: `kInvalidArgument` for a broken escape.
Result<std::string> form_decode(std::string_view text);

}  // namespace oidc
