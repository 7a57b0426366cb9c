// URLs, forms, JSON and encodings: what is taken is written as it was read.

#include <string>

#include "oidc/base64url.hpp"
#include "oidc/form.hpp"
#include "oidc/json.hpp"
#include "oidc/url.hpp"
#include "target.hpp"

namespace fuzz {
namespace {

void urls(std::string_view input) {
  const auto url = oidc::parse_url(input);
  if (!url) {
    return;
  }
  require(url->port > 0 && url->port <= 65535, "a port that is none");
  require(url->path.starts_with('/'), "a path that doesn't begin");
  const std::string text = url->to_string();
  const auto again = oidc::parse_url(text);
  require(again.has_value(), "a URL that cannot be read back: " + text);
  require(again->to_string() == text && again->origin() == url->origin() && again->target() == url->target(),
          "a URL that changes: " + text);
  require(text.find_first_of("\r\n ") == std::string::npos, "a URL that breaks a request line");
  (void)oidc::is_loopback_host(url->host);
}

void forms(std::string_view input) {
  if (const auto form = oidc::parse_form(input)) {
    const auto again = oidc::parse_form(form->encode());
    require(again && *again == *form, "a form that changes");
  }
  require(oidc::form_decode(oidc::form_encode(input)).value() == input, "form encoding");
  require(oidc::form_decode(oidc::percent_encode(input)).value() == input, "percent encoding");
}

void encodings(std::string_view input) {
  require(oidc::base64url_decode(oidc::base64url_encode(input)).value() == input, "base64url");
  require(oidc::base64_decode(oidc::base64_encode(input)).value() == input, "base64");
  if (const auto bytes = oidc::base64url_decode(input)) {
    require(oidc::base64url_encode(*bytes) == input, "base64url that has two forms");
  }
}

void documents(std::string_view input) {
  if (const auto json = oidc::parse_json(input)) {
    const auto again = oidc::parse_json(oidc::to_text(*json));
    require(again && *again == *json, "JSON that changes");
  }
}

}  // namespace

void run_url(std::string_view input) {
  urls(input);
  forms(input);
  encodings(input);
  documents(input);
}

}  // namespace fuzz
