#include "response_mode.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "scope.hpp"

namespace mockserver {
namespace {

constexpr std::array<std::pair<std::string_view, ResponseMode>, 3> kModes = {
    {{"query", ResponseMode::kQuery}, {"fragment", ResponseMode::kFragment}, {"form_post", ResponseMode::kFormPost}}};

/// "token", "id_token", "code id_token" and the like, in any order.
bool has_tokens(const std::string& response_type) {
  const auto types = parse_scopes(response_type);  // the same grammar
  return types && (has_scope(*types, "token") || has_scope(*types, "id_token"));
}

}  // namespace

std::optional<ResponseMode> parse_response_mode(std::string_view name) {
  const auto* const found = std::ranges::find_if(kModes, [&](const auto& mode) { return mode.first == name; });
  return found == kModes.end() ? std::nullopt : std::optional{found->second};
}

ResponseMode response_mode_of(const Call& call) {
  const auto usual =
      has_tokens(call.form.value_or_empty("response_type")) ? ResponseMode::kFragment : ResponseMode::kQuery;
  const auto asked = parse_response_mode(call.form.value_or_empty("response_mode")).value_or(usual);
  return asked == ResponseMode::kQuery ? usual : asked;
}

}  // namespace mockserver
