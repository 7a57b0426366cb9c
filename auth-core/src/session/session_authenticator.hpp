#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "authcore/authenticator.hpp"
#include "session/credential_store.hpp"
#include "session/pace.hpp"
#include "session/token_cell.hpp"
#include "session/turn.hpp"
#include "session/validity.hpp"

namespace authcore {

/// The refreshing and, with `kAllowed`, the refresh-or-relogin authenticator.
///
/// A call whose token is not due reads `cell_` and nothing else. All others take their turn: one
/// thread loads, locks, reloads, refreshes and saves, the rest find its result.
class SessionAuthenticator final : public RequestAuthenticator {
 public:
  enum class Relogin { kNever, kAllowed };

  SessionAuthenticator(AuthClient& client, Environment environment, CredentialLocation location, RefreshPolicy policy,
                       Relogin relogin);

  oidc::Result<Authorization> authorization() override;
  oidc::Result<Authorization> authorization_instead_of(const Authorization& refused) override;
  bool is_initialized() override;
  oidc::Result<std::optional<Credential>> credential() override;
  using RequestAuthenticator::credential;
  oidc::Status update_credential(Credential credential) override;
  oidc::Status update_credential_data(const oidc::Json& data) override;
  oidc::Status accept_login(Credential credential) override;
  oidc::Status forget() override;

 private:
  struct Held {
    Credential credential;
    Validity validity;
    bool was_refused_by_api = false;  ///< due, whatever its times say
  };
  enum class EndOfSession {
    kLogout,   ///< by `forget`
    kRemoved,  ///< somebody removed the stored credential, which is how other processes log out
  };
  using StorageLock = std::unique_ptr<ObjectStorageProvider::Lock>;

  // All of these require turn_.
  DueRule due_rule();
  bool is_due(const Now& now) const;
  bool is_usable(const Now& now) const;
  bool can_log_in() const;
  void hold(Credential credential, Validity validity);
  void hold_obtained(Credential credential);
  void end_session(EndOfSession reason);
  std::string hand_out(const Now& now);
  oidc::Result<std::string> token_in_turn();
  oidc::Status replace(Credential credential, Validity validity);

  // Storage.
  oidc::Status load_if_needed();
  oidc::Result<StorageLock> lock_storage();
  bool supersedes(const Credential& stored) const;
  oidc::Status catch_up_with_storage();
  bool reload_other_than(const std::string& refused_token);
  oidc::Status save_now();
  void save_what_is_unsaved();

  // Renewing. Each returns why there is no newer token.
  oidc::Status renew();
  oidc::Status obtain(const std::string& weakness);
  oidc::Status refresh();
  oidc::Status log_in();
  bool keep_at_once(const Credential& tokens);
  oidc::Status adopt_refreshed(Credential credential);
  oidc::Error refresh_failed(oidc::Error error, const std::string& refresh_token);
  oidc::Error refuse(oidc::Error error, const std::string& refresh_token);

  AuthClient& client_;
  Environment environment_;
  RefreshPolicy policy_;
  Relogin relogin_;

  TokenCell cell_;
  std::atomic<bool> is_holding_{false};
  Turn turn_;

  // Guarded by turn_.
  CredentialStore store_;
  std::optional<Held> held_;
  Pace renewals_;
  bool is_unsaved_ = false;  ///< storage does not have what is held
  Pace saves_;
  std::optional<oidc::Duration> last_forced_;  ///< when the API last had a token renewed, monotonic
  std::string refused_token_;                  ///< a refresh token that is never presented again
  std::string doubtful_token_;                 ///< one whose use got no reply: the server may have replaced it
};

}  // namespace authcore
