#pragma once

#include <functional>

#include "oidc/http.hpp"
#include "oidc/json.hpp"

namespace mockserver {

/// Lets `edit` change what a reply says: the JSON of its body, or the parameters of its redirect or of its form_post
/// page as an object of strings. False for a reply that is neither: it stays as it is.
bool edit_document(oidc::HttpResponse& reply, const std::function<void(oidc::Json&)>& edit);

}  // namespace mockserver
