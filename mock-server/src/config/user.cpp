#include "config/readers.hpp"

namespace mockserver {

UserConfig read_user(const oidc::Json& json) {
  UserConfig user;
  user.sub = json["sub"].get<std::string>();
  user.password = json.value("password", "");
  user.claims = json.value("claims", oidc::Json::object());
  user.access_claims = json.value("access_claims", oidc::Json::object());
  user.denies = json.value("denies", false);
  user.acr = json.value("acr", "");
  user.amr = read_strings(json.value("amr", oidc::Json::array()));
  return user;
}

}  // namespace mockserver
