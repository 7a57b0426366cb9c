#include "authcore/stored_object.hpp"

#include <algorithm>
#include <utility>

#include "authcore/file_storage.hpp"

namespace authcore {

using oidc::Errc;

namespace {

oidc::Result<oidc::Json> accept_any_object(const oidc::Json& object, oidc::TimePoint /*as_of*/) {
  if (!object.is_object()) {
    return oidc::Error{Errc::kInvalidArgument, "the data must be a JSON object"};
  }
  return object;
}

oidc::Json replace_members(oidc::Json held, const oidc::Json& update) {
  held.update(update);
  return held;
}

}  // namespace

ObjectRule any_object_rule() {
  return {accept_any_object, replace_members};
}

oidc::TimePoint written_by(const std::optional<ObjectVersion>& version, oidc::TimePoint now) {
  if (!version || version->modified_ns <= 0) {
    return now;
  }
  const std::chrono::nanoseconds modified{version->modified_ns};
  return std::min(now, oidc::TimePoint{std::chrono::floor<oidc::Duration>(modified)});
}

StoredObject::StoredObject(oidc::Clock& clock, ObjectRule rule, CredentialLocation location, oidc::Json data)
    : clock_{&clock}, rule_{std::move(rule)}, location_(std::move(location)), data_(std::move(data)) {
  if (location_.provider == nullptr) {
    set_storage_provider(nullptr);
  }
  if (auto prepared = rule_.prepare(data_, now())) {
    data_ = *std::move(prepared);
  }
}

oidc::Status StoredObject::check() const {
  if (!is_set()) {
    return oidc::Error{Errc::kInvalidArgument, "no data has been set"};
  }
  const auto prepared = rule_.prepare(data_, now());
  if (!prepared) {
    return prepared.error();
  }
  return oidc::Done{};
}

oidc::Status StoredObject::set_data(const oidc::Json& object) {
  auto prepared = rule_.prepare(object, now());
  if (!prepared) {
    return std::move(prepared).error();
  }
  data_ = *std::move(prepared);
  note_version();
  return oidc::Done{};
}

oidc::Status StoredObject::update_data(const oidc::Json& members) {
  if (!members.is_object()) {
    return oidc::Error{Errc::kInvalidArgument, "an update must be a JSON object"};
  }
  return set_data(data_.is_object() ? rule_.merge(data_, members) : members);
}

oidc::Status StoredObject::load() {
  if (!has_path()) {
    return oidc::Done{};
  }
  // The version first: a write in between then looks like a change, which costs one more load.
  const auto version = location_.provider->version(location_.key);
  const auto seen = version ? std::optional{*version} : std::nullopt;
  const auto object = location_.provider->load(location_.key);
  if (!object) {
    return object.error();
  }
  auto prepared = rule_.prepare(*object, written_by(seen, now()));
  if (!prepared) {
    oidc::Error error = std::move(prepared).error();
    error.code = error.code == Errc::kInvalidArgument ? Errc::kCorruptStorage : error.code;
    error.message = "what is stored under " + location_.key + " is not valid: " + error.message;
    return error;
  }
  data_ = *std::move(prepared);
  seen_ = seen;
  return oidc::Done{};
}

oidc::Status StoredObject::lazy_load() {
  return is_set() ? oidc::Status{oidc::Done{}} : load();
}

oidc::Status StoredObject::lazy_reload() {
  if (!is_set() || !has_path()) {
    return lazy_load();
  }
  const auto version = location_.provider->version(location_.key);
  if (!version) {
    return version.error();
  }
  return seen_ == *version ? oidc::Status{oidc::Done{}} : load();
}

oidc::Status StoredObject::save() {
  if (auto checked = check(); !checked || !has_path()) {
    return checked;
  }
  auto saved = location_.provider->save(location_.key, data_);
  if (saved) {
    note_version();
  }
  return saved;
}

oidc::Result<bool> StoredObject::is_persisted_to_storage() const {
  return has_path() ? location_.provider->exists(location_.key) : false;
}

oidc::Result<oidc::Json> StoredObject::lazy_get(std::string_view name) {
  if (auto loaded = lazy_load(); !loaded) {
    return std::move(loaded).error();
  }
  if (!data_.is_object()) {
    return oidc::Json(nullptr);
  }
  const auto member = data_.find(name);
  return member == data_.end() ? oidc::Json(nullptr) : *member;
}

void StoredObject::set_path(std::string key) {
  location_.key = std::move(key);
  seen_.reset();
}

void StoredObject::set_storage_provider(std::shared_ptr<ObjectStorageProvider> provider) {
  location_.provider = provider != nullptr ? std::move(provider) : std::make_shared<FileStorage>();
  seen_.reset();
}

/// What is stored now is not newer than what is held.
void StoredObject::note_version() {
  seen_.reset();
  if (has_path()) {
    if (const auto version = location_.provider->version(location_.key)) {
      seen_ = *version;
    }
  }
}

}  // namespace authcore
