#pragma once

#include <functional>

#include "call.hpp"
#include "oidc/http.hpp"
#include "oidc/json.hpp"

namespace mockserver {

/// Lets `edit` change the parameters of an authorization response. False if `reply` is none, or if `edit`
/// says that there was nothing to change.
bool edit_authorization(const Call& call, oidc::HttpResponse& reply, const std::function<bool(oidc::Json&)>& edit);

}  // namespace mockserver
