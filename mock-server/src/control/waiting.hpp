#pragma once

#include <chrono>
#include <functional>

#include "control/call.hpp"

namespace mockserver::control {

/// What a call waits for. The functions must not block; they outlive the call, but not its issuer.
struct Wait {
  std::function<bool()> is_over;
  std::function<oidc::HttpResponse()> reply;    ///< once it is
  std::function<oidc::HttpResponse()> in_vain;  ///< if it never was in time
};

/// Lets the call's reply come later (in real time: the one that waits is a person's test): `wait` says which. Sooner
/// it is 404 if the issuer is deleted, and 503 if the server ends. Returns what an action that waits has to return.
oidc::HttpResponse await(Call& call, std::chrono::seconds timeout, Wait wait);

}  // namespace mockserver::control
