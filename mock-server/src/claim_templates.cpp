#include "claim_templates.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

namespace mockserver {
namespace {

constexpr std::string_view kRequest = "request.";
constexpr std::array<std::string_view, 4> kNames{"client.id", "user.sub", "now", "uuid"};

/// A piece of a string: text, or the name between {{ and }}.
struct Piece {
  std::string_view text;
  bool is_name = false;
};

/// The next piece of `rest`, which loses it.
Piece take_piece(std::string_view& rest) {
  const auto open = rest.find("{{");
  const auto close = open == std::string_view::npos ? open : rest.find("}}", open);
  if (close == std::string_view::npos) {
    return {std::exchange(rest, {})};
  }
  if (open != 0) {
    const Piece piece{rest.substr(0, open)};
    rest.remove_prefix(open);
    return piece;
  }
  std::string_view name = rest.substr(2, close - 2);
  rest.remove_prefix(close + 2);
  while (name.starts_with(' ')) {
    name.remove_prefix(1);
  }
  while (name.ends_with(' ')) {
    name.remove_suffix(1);
  }
  return {name, true};
}

/// Calls `visit` with the name of each placeholder anywhere in `json`.
template <typename Visit>
void for_each_name(const oidc::Json& json, const Visit& visit) {
  if (json.is_structured()) {
    for (const auto& element : json) {
      for_each_name(element, visit);
    }
  } else if (json.is_string()) {
    std::string_view rest = json.get_ref<const std::string&>();
    while (!rest.empty()) {
      if (const Piece piece = take_piece(rest); piece.is_name) {
        visit(piece.text);
      }
    }
  }
}

/// A random UUID (RFC 9562 section 5.4).
std::string new_uuid(oidc::Random& random) {
  std::array<std::uint8_t, 16> bytes{};
  random.fill(bytes);
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0FU) | 0x40U);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3FU) | 0x80U);
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    text += i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "";
    text += kDigits[bytes[i] >> 4U];
    text += kDigits[bytes[i] & 0x0FU];
  }
  return text;
}

class Expander {
 public:
  Expander(World& world, const Grant& grant, oidc::TimePoint now) : world_{world}, grant_{grant}, now_{now} {}

  /// Nothing if the whole of it is one placeholder without a value.
  std::optional<oidc::Json> expand(const oidc::Json& json) const {
    if (json.is_string()) {
      return expand(json.get_ref<const std::string&>());
    }
    if (!json.is_structured()) {
      return json;
    }
    oidc::Json result = json.is_array() ? oidc::Json::array() : oidc::Json::object();
    for (auto element = json.begin(); element != json.end(); ++element) {
      if (auto value = expand(*element); value && json.is_array()) {
        result.push_back(*std::move(value));
      } else if (value) {
        result[element.key()] = *std::move(value);
      }
    }
    return result;
  }

 private:
  std::optional<oidc::Json> expand(const std::string& text) const {
    std::string_view rest = text;
    const Piece first = take_piece(rest);
    if (rest.empty()) {
      return first.is_name ? value_of(first.text) : oidc::Json(text);
    }
    std::string result;
    for (rest = text; !rest.empty();) {
      const Piece piece = take_piece(rest);
      if (!piece.is_name) {
        result += piece.text;
      } else if (const auto value = value_of(piece.text)) {
        result += value->is_string() ? value->get<std::string>() : oidc::to_text(*value);
      }
    }
    return oidc::Json(result);
  }

  std::optional<oidc::Json> value_of(std::string_view name) const {
    if (name.starts_with(kRequest)) {
      const auto found = grant_.parameters.find(name.substr(kRequest.size()));
      return found == grant_.parameters.end() ? std::nullopt : std::optional{oidc::Json(*found)};
    }
    if (name == "client.id") {
      return oidc::Json(grant_.client);
    }
    if (name == "user.sub") {
      return grant_.of_user ? std::optional{oidc::Json(grant_.sub)} : std::nullopt;
    }
    if (name == "now") {
      return oidc::Json(oidc::epoch_seconds(now_).count());
    }
    return name == "uuid" ? std::optional{oidc::Json(new_uuid(world_.random))} : std::nullopt;
  }

  World& world_;
  const Grant& grant_;
  oidc::TimePoint now_;
};

}  // namespace

void add_templates(World& world, const oidc::Json& templates, const Grant& grant, oidc::TimePoint now,
                   oidc::Json& claims) {
  if (templates.empty()) {
    return;
  }
  const Expander expander{world, grant, now};
  for (const auto& [name, value] : templates.items()) {
    if (auto expanded = expander.expand(value)) {
      claims[name] = *std::move(expanded);
    }
  }
}

void keep_parameters(const Call& call, GrantId id, Grant* copy) {
  oidc::Json parameters = oidc::Json::object();
  const ClaimTemplates& templates = call.world.config.claims;
  for (const oidc::Json* one : {&templates.access, &templates.id, &templates.userinfo}) {
    for_each_name(*one, [&](std::string_view name) {
      const auto value = name.starts_with(kRequest) ? call.form.get(name.substr(kRequest.size())) : std::nullopt;
      if (value) {
        parameters[std::string{name.substr(kRequest.size())}] = *value;
      }
    });
  }
  if (parameters.empty()) {
    return;
  }
  if (copy != nullptr) {
    copy->parameters = parameters;
  }
  call.world.tokens.set_parameters(id, std::move(parameters));
}

std::string unknown_placeholder(const oidc::Json& templates) {
  std::string unknown;
  for_each_name(templates, [&](std::string_view name) {
    if (!name.starts_with(kRequest) && std::ranges::find(kNames, name) == kNames.end()) {
      unknown = "{{" + std::string{name} + "}}";
    }
  });
  return unknown;
}

}  // namespace mockserver
