#include "checks/secrets.hpp"

#include <algorithm>
#include <cctype>
#include <set>

#include "oidc/base64url.hpp"
#include "oidc/json.hpp"
#include "oidc/url.hpp"

namespace scenarios {
namespace {

using oidc::Json;

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

/// "%3A" as "%3a".
std::string with_small_digits(std::string encoded) {
  for (std::size_t at = encoded.find('%'); at != std::string::npos; at = encoded.find('%', at + 1)) {
    for (std::size_t digit = at + 1; digit < std::min(at + 3, encoded.size()); ++digit) {
      encoded[digit] = static_cast<char>(std::tolower(static_cast<unsigned char>(encoded[digit])));
    }
  }
  return encoded;
}

/// As in a URL or form, by the rules of browsers and by those of RFC 3986 (they differ in ' ', '*' and '~').
std::set<std::string> encoded(const std::string& text) {
  std::string with_plus = oidc::percent_encode(text);
  replace_all(with_plus, "%20", "+");
  std::set<std::string> all{text, oidc::form_encode(text), oidc::percent_encode(text), with_plus};
  for (const std::string& capital : std::set<std::string>{all}) {
    if (capital != text) {
      all.insert(with_small_digits(capital));
    }
  }
  return all;
}

/// As within a JSON string: plain, with everything but ASCII as \u…, with "\/".
std::set<std::string> escaped(const std::string& text) {
  std::set<std::string> all{text};
  for (const bool only_ascii : {false, true}) {
    const std::string quoted = Json(text).dump(-1, ' ', only_ascii, Json::error_handler_t::replace);
    std::string inner = quoted.substr(1, quoted.size() - 2);
    all.insert(inner);
    replace_all(inner, "/", "\\/");
    all.insert(inner);
  }
  return all;
}

}  // namespace

Secrets::Secrets(const mockserver::Ledger& ledger, const std::vector<ClientSecret>& clients) : ledger_{ledger} {
  for (const auto& entry : ledger.entries()) {
    if (entry.kind != "uc") {
      add(entry.name, entry.value);
    }
  }
  for (const ClientSecret& client : clients) {
    if (!client.secret.empty()) {
      const std::string name = ledger.name_of(client.secret).value_or("the secret of " + client.id);
      add(name, client.secret);
      add_basic(name, client);
    }
  }
  // The longest first, so that no part of one that contains another is left over.
  std::ranges::stable_sort(shapes_, std::ranges::greater{}, [](const Shape& shape) { return shape.text.size(); });
}

void Secrets::add(const std::string& name, const std::string& secret) {
  for (const std::string& form : encoded(secret)) {
    add_shape(name, form);
  }
}

void Secrets::add_basic(const std::string& name, const ClientSecret& client) {
  for (const std::string& id : encoded(client.id)) {
    for (const std::string& secret : encoded(client.secret)) {
      std::string credentials = oidc::base64_encode(id + ":" + secret);
      add_shape(name, credentials);
      credentials.erase(credentials.find_last_not_of('=') + 1);
      add_shape(name, credentials);
    }
  }
}

void Secrets::add_shape(const std::string& name, const std::string& text) {
  for (const std::string& shape : escaped(text)) {
    shapes_.push_back({name, shape});
  }
}

std::vector<std::string> Secrets::shown_in(const std::string& text) const {
  std::vector<std::string> names;
  for (const Shape& shape : shapes_) {
    if (text.find(shape.text) != std::string::npos && std::ranges::find(names, shape.name) == names.end()) {
      names.push_back(shape.name);
    }
  }
  return names;
}

std::string Secrets::redact(std::string text) const {
  for (const Shape& shape : shapes_) {
    replace_all(text, shape.text, shape.name);
  }
  return ledger_.redact(text);  // user codes, and tokens of somebody else
}

}  // namespace scenarios
