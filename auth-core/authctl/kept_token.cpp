#include "kept_token.hpp"

#include <algorithm>
#include <iterator>
#include <sstream>

namespace authctl {
namespace {

constexpr const char* kOfflineAccess = "offline_access";

std::vector<std::string> words(const std::string& text) {
  std::istringstream stream{text};
  return {std::istream_iterator<std::string>{stream}, {}};
}

}  // namespace

oidc::Error none_kept(Session& session, const std::string& kind) {
  std::string hint;
  if (kind == "refresh") {
    hint = session.client().can_login_unattended() ? "; clients of this type log in by themselves and need none"
                                                   : "; servers issue one for the scope offline_access, if at all";
  }
  return {oidc::Errc::kNoCredential, "no " + (kind == "id" ? "ID" : kind) + " token is kept" + hint};
}

std::string scopes_not_granted(const authcore::Credential& credential, const std::vector<std::string>& asked) {
  const auto scope = oidc::string_member(credential.json(), "scope");
  if (!scope) {
    return "";
  }
  const std::vector<std::string> granted = words(*scope);
  std::string lacking;
  for (const std::string& option : asked) {
    for (const std::string& word : words(option)) {
      if (word != kOfflineAccess && std::find(granted.begin(), granted.end(), word) == granted.end()) {
        lacking += (lacking.empty() ? "the scope " : " ") + word;
      }
    }
  }
  return lacking;
}

oidc::Result<std::string> kept_token(Session& session, const std::string& kind) {
  const auto held = session.stored();
  if (!held) {
    return held.error();
  }
  const auto token = kind == "refresh" ? held->refresh_token() : kind == "id" ? held->id_token() : held->access_token();
  if (!token) {
    return none_kept(session, kind);
  }
  return *token;
}

}  // namespace authctl
