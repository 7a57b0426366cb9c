#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "authcore/storage.hpp"
#include "oidc/clock.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"

namespace authcore {

/// What a kind of stored object must be. Pure functions; both members are set.
struct ObjectRule {
  /// The object as it is to be held, with what is computed filled in, or why it must not be held
  /// (`kInvalidArgument`, or a code of the kind's own; the message names members, never values).
  /// `as_of`: when the object was given or, of a stored one, the latest time it can have been written.
  std::function<oidc::Result<oidc::Json>(const oidc::Json& object, oidc::TimePoint as_of)> prepare;
  /// `update` over `held`, member by member; what comes out is prepared next. Both are objects.
  std::function<oidc::Json(oidc::Json held, const oidc::Json& update)> merge;
};

/// Any JSON object, also an empty one (FBJ-002); other JSON is refused (FBJ-023, D-28).
ObjectRule any_object_rule();

/// A JSON object in memory that may have a stored copy (planet_auth API documentation,
/// "FileBackedJsonObject").
///
/// It starts either with data or never set, which is a state of its own: `data()` is null then, and
/// never again afterwards; an empty object counts as set (D-03). Only what the rule accepts is taken,
/// and a failure leaves what is held as it was (FBJ-004, FBJ-009, D-05). Everything is copied at the
/// boundary (W-19, W-33). Without a path (key "") it lives in memory only, and loading and saving are
/// silent successes. A value; copies are independent. Not thread-safe.
class StoredObject {
 public:
  /// Touches no storage. `data` is not refused here, `check` judges it (FBJ-003); null: never set.
  /// No provider means `FileStorage` under the home directory. `clock` must outlive this object.
  StoredObject(oidc::Clock& clock, ObjectRule rule, CredentialLocation location = {}, oidc::Json data = nullptr);

  bool is_set() const { return !data_.is_null(); }
  /// What is held; null if never set. Never loads (FBJ-007).
  oidc::Json data() const { return data_; }
  /// Whether what is held may be saved. Errors: those of the rule, and for never-set data.
  oidc::Status check() const;

  /// Errors: those of the rule; the same object is still held then.
  oidc::Status set_data(const oidc::Json& object);
  /// Sets the members that `members` has and leaves the others (FBJ-006). Errors as above.
  oidc::Status update_data(const oidc::Json& members);

  /// Reads storage, always. Errors: those of the provider (`kNotFound`, ...); `kCorruptStorage` for what the
  /// rule refuses as `kInvalidArgument`, other codes of the rule as they are.
  oidc::Status load();
  /// Loads if never set, else does nothing (FBJ-010).
  oidc::Status lazy_load();
  /// Loads if never set, or if storage holds another version than at the last load, set or save: by
  /// `ObjectVersion`, so also two writes within one second and older files moved here are noticed (W-18).
  /// Data that was given to the constructor counts as older than any version. Errors: as `load`;
  /// `kNotFound` once the object is gone.
  oidc::Status lazy_reload();
  /// Writes what is held. Errors: of `check`, and then nothing is written, also without a path; of the provider.
  oidc::Status save();

  /// One probe; never loads. False without a path.
  oidc::Result<bool> is_persisted_to_storage() const;
  /// Loads lazily, then gives a copy of the member; null if it is absent or nothing is held.
  oidc::Result<oidc::Json> lazy_get(std::string_view name);

  const std::string& path() const { return location_.key; }
  /// Where to load and save from now on. What is held stays.
  void set_path(std::string key);
  /// nullptr: the default, `FileStorage` under the home directory.
  void set_storage_provider(std::shared_ptr<ObjectStorageProvider> provider);

 protected:
  oidc::TimePoint now() const { return clock_->now(); }

 private:
  bool has_path() const { return !location_.key.empty(); }
  void note_version();

  oidc::Clock* clock_;
  ObjectRule rule_;
  CredentialLocation location_;
  oidc::Json data_;
  std::optional<ObjectVersion> seen_;  ///< the stored version that `data_` comes from or came after
};

/// The latest time at which an object of that version can have been written: its modification time if the
/// provider knows one, but never after `now`. An opaque token stored without its issue time was issued
/// no later (W-49).
oidc::TimePoint written_by(const std::optional<ObjectVersion>& version, oidc::TimePoint now);

}  // namespace authcore
