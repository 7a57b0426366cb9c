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

std::string hex(const std::string& text, const char* digits) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    result += {digits[byte >> 4U], digits[byte & 0xFU]};
  }
  return result;
}

/// What there is of `text` wherever it stands within something that is encoded as a whole: the characters that are
/// made of nothing but it, `before` bytes (modulo 3) after the beginning.
std::string base64_within(const std::string& text, std::size_t before) {
  const std::string all = oidc::base64_encode(std::string(before, '\0') + text);
  const std::size_t first = (8 * before + 5) / 6;
  return all.substr(first, 8 * (before + text.size()) / 6 - first);
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// How much of `text` the shape takes from `at` on, line breaks within it included; 0: it isn't there.
std::size_t size_of(const std::string& shape, const std::string& text, std::size_t at) {
  constexpr std::size_t kShortestBroken = 16;
  std::size_t i = at;
  for (const char c : shape) {
    while (shape.size() >= kShortestBroken && i > at && i < text.size() && text[i] != c && is_blank(text[i])) {
      ++i;
    }
    if (i == text.size() || text[i] != c) {
      return 0;
    }
    ++i;
  }
  return i - at;
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
  for (auto& shapes : shapes_) {
    std::ranges::stable_sort(shapes, std::ranges::greater{}, [](const Shape& shape) { return shape.text.size(); });
  }
}

void Secrets::add(const std::string& name, const std::string& secret) {
  for (const std::string& form : encoded(secret)) {
    add_shape(name, form);
  }
  add_coded(name, secret);
}

void Secrets::add_coded(const std::string& name, const std::string& secret) {
  constexpr std::size_t kShortest = 8;  // less of it may be part of an innocent word
  std::set<std::string> all{hex(secret, "0123456789abcdef"), hex(secret, "0123456789ABCDEF")};
  for (const std::size_t before : {0U, 1U, 2U}) {
    std::string shape = base64_within(secret, before);
    all.insert(shape);
    std::ranges::replace(shape, '+', '-');
    std::ranges::replace(shape, '/', '_');
    all.insert(shape);
  }
  for (const std::string& shape : all) {
    if (shape.size() >= kShortest) {
      add_shape(name, shape);
    }
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
    shapes_[static_cast<unsigned char>(shape.front())].push_back({name, shape});
  }
}

Secrets::Sighting Secrets::look(const std::string& text, std::size_t at) const {
  for (const Shape& shape : shapes_[static_cast<unsigned char>(text[at])]) {
    if (const std::size_t size = size_of(shape.text, text, at); size > 0) {
      return {&shape, size};
    }
  }
  return {};
}

std::vector<std::string> Secrets::shown_in(const std::string& text) const {
  std::vector<std::string> names;
  for (std::size_t at = 0; at < text.size();) {
    const Sighting seen = look(text, at);
    if (seen.shape != nullptr && std::ranges::find(names, seen.shape->name) == names.end()) {
      names.push_back(seen.shape->name);
    }
    at += std::max<std::size_t>(seen.size, 1);
  }
  return names;
}

std::string Secrets::redact(const std::string& text) const {
  std::string clean;
  for (std::size_t at = 0; at < text.size();) {
    const Sighting seen = look(text, at);
    seen.shape == nullptr ? clean.append(1, text[at]) : clean.append(seen.shape->name);
    at += std::max<std::size_t>(seen.size, 1);
  }
  return ledger_.redact(clean);  // user codes, and tokens of somebody else
}

}  // namespace scenarios
