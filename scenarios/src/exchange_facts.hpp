#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "mockserver/journal.hpp"

namespace scenarios {

/// The values of a parameter. One without a value counts as left out (RFC 6749 sections 3.1 and 3.2).
std::vector<std::string> values_of(const oidc::Form& form, std::string_view name);
/// The first of them; nullopt if it was not sent.
std::optional<std::string> parameter(const mockserver::Exchange& exchange, std::string_view name);

/// In how many ways the request says who sends it: HTTP Basic, a secret in the body, an assertion.
std::size_t authentications(const mockserver::Exchange& exchange);

/// True if the issuer itself, and no script step, refused it because it did not recognise who asked: an attempt to
/// authenticate, and none at the matter. Clients that find out by trial how to authenticate make one before each
/// first success.
bool is_attempt_to_authenticate(const mockserver::Exchange& exchange);

}  // namespace scenarios
