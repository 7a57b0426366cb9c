#include "storage/storable.hpp"

namespace authcore {

oidc::Result<oidc::Json> to_storable(const oidc::Json& object) {
  if (!object.is_object()) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "only JSON objects can be stored"};
  }
  oidc::Json kept = oidc::Json::object();
  for (const auto& [name, value] : object.items()) {
    if (!value.is_null()) {
      kept[name] = value;
    }
  }
  return kept;
}

oidc::Error nothing_stored(const std::string& key) {
  return {oidc::Errc::kNotFound, "nothing is stored under " + key};
}

}  // namespace authcore
