#include "login.hpp"

#include <algorithm>
#include <charconv>

#include "oidc/base64url.hpp"
#include "refusal.hpp"
#include "token_claims.hpp"

namespace mockserver {
namespace {

constexpr std::int64_t kLongest = 1'000'000'000;

oidc::Status read_prompt(std::string_view prompt, LoginRequest& request) {
  const bool alone = prompt.find(' ') == std::string_view::npos;
  while (!prompt.empty()) {
    const auto blank = prompt.find(' ');
    const std::string_view one = prompt.substr(0, blank);
    prompt.remove_prefix(blank == std::string_view::npos ? prompt.size() : blank + 1);
    if (one == "none" && alone) {
      request.no_prompt = true;
    } else if (one == "none") {
      return refusal("invalid_request", "prompt none goes with no other value");
    } else if (one == "login") {
      request.prompt_login = true;
    } else if (one == "consent") {
      request.prompt_consent = true;
    } else if (one == "select_account") {
      request.prompt_account = true;
    } else {
      return refusal("invalid_request", "prompt is none, login, consent or select_account");
    }
  }
  return oidc::Done{};
}

oidc::Status read_max_age(const std::string& text, LoginRequest& request) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end != text.data() + text.size() || seconds < 0 || seconds > kLongest) {
    return refusal("invalid_request", "max_age must be a number of seconds");
  }
  request.max_age = std::chrono::seconds{seconds};
  return oidc::Done{};
}

/// `aud` of an ID token is one client here, as a string or as an array of one.
std::string client_of(const oidc::Json& claims) {
  const auto aud = claims.find("aud");
  if (aud == claims.end()) {
    return "";
  }
  const oidc::Json& first = aud->is_array() && !aud->empty() ? aud->front() : *aud;
  return first.is_string() ? first.get<std::string>() : "";
}

}  // namespace

oidc::Result<LoginRequest> read_login_request(const Call& call) {
  LoginRequest request;
  if (const auto read = read_prompt(call.parameter("prompt").value_or(""), request); !read) {
    return read.error();
  }
  if (const auto max_age = call.parameter("max_age")) {
    if (const auto read = read_max_age(*max_age, request); !read) {
      return read.error();
    }
  }
  if (const auto token = call.parameter("id_token_hint")) {
    const auto hint = read_id_token(call.world, *token);
    if (!hint) {
      return refusal("invalid_request", "the id_token_hint is no ID token of this issuer");
    }
    request.hinted_sub = hint->sub;
  }
  request.login_hint = call.form.value_or_empty("login_hint");
  return request;
}

std::optional<IdTokenHint> read_id_token(const World& world, std::string_view token) {
  const auto name = world.ledger.name_of(token);
  if (!name || !(name->starts_with("id#") || name->starts_with("signed#"))) {
    return std::nullopt;
  }
  const auto begin = token.find('.') + 1;
  const auto decoded = oidc::base64url_decode(token.substr(begin, token.find('.', begin) - begin));
  const auto claims = decoded ? oidc::parse_json(*decoded) : oidc::Result<oidc::Json>{oidc::Error{}};
  if (!claims || !claims->is_object()) {
    return std::nullopt;
  }
  const std::string client = client_of(*claims);
  const std::string sub = oidc::string_member(*claims, "sub").value_or("");
  return IdTokenHint{user_of(world, world.registry.client(client).get(), sub), client};
}

UserPtr user_by_hint(const World& world, const std::string& hint) {
  if (UserPtr user = world.registry.user(hint)) {
    return user;
  }
  for (UserPtr& user : world.registry.users()) {
    for (const char* claim : {"email", "preferred_username", "phone_number"}) {
      if (user->claims.is_object() && oidc::string_member(user->claims, claim) == hint) {
        return user;
      }
    }
  }
  return nullptr;
}

Login login_as(const UserConfig& user, oidc::TimePoint now, bool typed_password) {
  Login login{user.sub, now, user.acr, user.amr};
  if (login.amr.empty() && typed_password) {
    login.amr.emplace_back("pwd");
  }
  return login;
}

oidc::Result<Login> login_without_asking(const Call& call, const LoginRequest& request) {
  UserPtr user;
  if (!request.hinted_sub.empty()) {
    user = call.world.registry.user(request.hinted_sub);
  } else {
    user = request.login_hint.empty() ? nullptr : user_by_hint(call.world, request.login_hint);
    user = user != nullptr ? user : call.world.registry.first_user();
  }
  if (user == nullptr) {
    return refusal("login_required", "there is no such user");
  }
  return login_as(*user, call.now, false);
}

bool will_do(const Login& login, const LoginRequest& request, oidc::TimePoint now) {
  if (request.prompt_login || request.prompt_account) {
    return false;
  }
  if (!request.hinted_sub.empty() && request.hinted_sub != login.sub) {
    return false;
  }
  // 0 is the same as prompt=login, even in the second of the login.
  return !request.max_age || (*request.max_age > std::chrono::seconds{0} && now - login.auth_time <= *request.max_age);
}

}  // namespace mockserver
