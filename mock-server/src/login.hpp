#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "call.hpp"
#include "oidc/result.hpp"
#include "stores/browser_store.hpp"

/// Who is to log in, how, and whether a login that was will do (OIDC Core section 3.1.2.1).
namespace mockserver {

/// What an authorization request says about the login.
struct LoginRequest {
  bool no_prompt = false;       ///< prompt=none
  bool prompt_login = false;    ///< even if somebody is logged in
  bool prompt_consent = false;  ///< even if the user agreed before
  bool prompt_account = false;  ///< prompt=select_account
  std::optional<std::chrono::seconds> max_age{};
  std::string login_hint{};
  std::string hinted_sub{};  ///< of id_token_hint; "" without one
};

/// Errors: "invalid_request" for values that the specification doesn't have, or a hint that isn't ours.
oidc::Result<LoginRequest> read_login_request(const Call& call);

/// An ID token as its own issuer recognizes it; a client that gets encrypted ones shows what was in it. Whether it is
/// expired doesn't matter (OIDC RP-Initiated Logout section 2), nor whether a script broke it: it was made here.
struct IdTokenHint {
  std::string sub;  ///< the user's, also if the client knows another
  std::string client;
};
std::optional<IdTokenHint> read_id_token(const World& world, std::string_view token);

/// The user whom a hint names: by sub, or by the claims email, preferred_username or phone_number. Null if none.
UserPtr user_by_hint(const World& world, const std::string& hint);

/// A login at `now`. With `typed_password` and no configured methods, the method is "pwd" (RFC 8176).
Login login_as(const UserConfig& user, oidc::TimePoint now, bool typed_password);

/// The login of an issuer that asks nobody: the hinted user's, else the first user's. Errors: "login_required"
/// if there is no such user.
oidc::Result<Login> login_without_asking(const Call& call, const LoginRequest& request);

/// Whether an earlier login will do for this request.
bool will_do(const Login& login, const LoginRequest& request, oidc::TimePoint now);

}  // namespace mockserver
