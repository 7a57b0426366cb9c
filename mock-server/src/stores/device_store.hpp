#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/config.hpp"
#include "oidc/clock.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"
#include "stores/browser_store.hpp"

namespace mockserver {

/// A device authorization (RFC 8628) as it was asked for.
struct DeviceGrant {
  std::string device_code;
  std::string user_code;
  std::string name;  ///< lineage name of the device code
  std::string client;
  std::vector<std::string> scopes;
  oidc::Json audience{};  ///< asked for by `resource` (RFC 8707); null: as configured
  oidc::TimePoint issued_at;
  oidc::TimePoint expires_at;
  std::chrono::seconds interval{5};
  Decision planned = Decision::kPending;  ///< what the user will do …
  oidc::TimePoint planned_at;             ///< … and when, unless a decision comes first
  std::optional<Login> login{};           ///< who approved it on the page; nothing if nobody logged in there
};

/// The device grants of one issuer. Its mutex is a leaf. Thread-safe.
class DeviceStore {
 public:
  /// The oldest are forgotten beyond `kMostKept`, those that are over first.
  void add(DeviceGrant grant);
  /// By device code, in whatever state.
  std::optional<DeviceGrant> find(std::string_view device_code);

  /// One poll, judged and remembered (RFC 8628 section 3.5). A poll sooner than the interval
  /// after the previous one is told to slow down, and the interval grows by 5 s for good;
  /// `slow_down` makes any pending poll such a one. A grant is given once. Errors: the OAuth
  /// errors "invalid_grant", "expired_token", "access_denied", "slow_down",
  /// "authorization_pending".
  oidc::Result<DeviceGrant> poll(std::string_view device_code, std::string_view client, bool slow_down,
                                 oidc::TimePoint now);

  /// By user code, case and dashes ignored; "" is the most recent grant. The last decision before the tokens are
  /// issued counts. Errors: `kNotFound`; `kInvalidArgument` if it expired, or its tokens were issued.
  oidc::Status decide(std::string_view user_code, Decision decision, oidc::TimePoint now);
  oidc::Status expire(std::string_view user_code, oidc::TimePoint now);
  /// A grant that waits for its user; nothing if there is none of this code, or it is decided or expired.
  std::optional<DeviceGrant> pending(std::string_view user_code, oidc::TimePoint now);
  /// The decision of somebody who logged in on the page. Errors: those of `decide`.
  oidc::Status decide_as(const Login& login, std::string_view user_code, Decision decision, oidc::TimePoint now);
  /// False if there is no such device code.
  bool expire_device_code(std::string_view device_code, oidc::TimePoint now);

  // For scripts, by device code. All but the last: false if there is none.
  bool decide_device_code(std::string_view device_code, Decision decision);
  /// The next `polls` stay pending, whatever is decided.
  bool keep_pending(std::string_view device_code, std::size_t polls);
  bool set_interval(std::string_view device_code, std::chrono::seconds interval);
  /// Returns how many grants it ended.
  std::size_t expire_all(oidc::TimePoint now);

  struct DeviceState {
    DeviceGrant grant;
    std::optional<Decision> decision{};  ///< of the control API
    std::optional<oidc::TimePoint> last_poll{};
    bool given = false;
    std::size_t pending = 0;  ///< so many polls stay pending yet
  };
  /// All that the store holds, as a value.
  struct State {
    std::vector<DeviceState> devices;  ///< in order of issue
  };
  State snapshot() const;
  void restore(State state);

 private:
  // Both require mutex_; null if there is none.
  DeviceState* by_device_code(std::string_view device_code);
  DeviceState* by_user_code(std::string_view user_code);

  mutable std::mutex mutex_;
  std::vector<DeviceState> devices_;  // guarded by mutex_; in order of issue
};

}  // namespace mockserver
