#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "oidc/form.hpp"
#include "oidc/http.hpp"
#include "oidc/json.hpp"

namespace mockserver {

/// Lets `edit` change what a reply says: the JSON of its body, or the parameters of its redirect or of its form_post
/// page as an object of strings. False for a reply that is neither: it stays as it is.
bool edit_document(oidc::HttpResponse& reply, const std::function<void(oidc::Json&)>& edit);

/// The parameters of a redirect; nullopt if it is no absolute URL with a form.
std::optional<oidc::Form> redirect_parameters(const std::string& location);
/// A redirect has them behind '#' if it has a fragment, else behind '?'.
bool is_in_fragment(std::string_view location);

}  // namespace mockserver
