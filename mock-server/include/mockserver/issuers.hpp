#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/issuer.hpp"

namespace mockserver {

/// Where an issuer lives: below the origin under its name, or at the origin itself.
enum class Mount { kSegment, kRoot };

/// How issuers come into being that nobody made.
struct AutoIssuers {
  IssuerConfig config;
  std::function<std::shared_ptr<oidc::Clock>()> clock;
  std::size_t max = 10'000;  ///< with this many issuers no more are made
};

/// Answers a request that belongs to no issuer.
using StrayHandler = std::function<Reply(const oidc::HttpRequest&)>;

/// The issuers that live behind one origin, told apart by the first path segment: the
/// issuer "alpha" of "https://issuer.test" is "https://issuer.test/alpha". One of them may live at the
/// origin itself, and gets what belongs to no other. Thread-safe.
class Issuers {
 public:
  /// `origin` without a trailing slash.
  explicit Issuers(std::string origin) : origin_{std::move(origin)} {}

  const std::string& origin() const { return origin_; }

  /// From now on a request below an unused name, /NAME/…, makes an issuer of that name.
  void create_unknown(AutoIssuers recipe);
  /// Issuers made from now on are at the origin that their requests name (`Issuer::follow_requests`).
  void follow_requests();

  /// From now on `handler` answers what belongs to no issuer, so that whoever hosts them sees it; called by many
  /// threads at once. `Issuer::refuse_stray` is one that files it in an issuer's journal.
  void on_stray(StrayHandler handler);

  /// `name` is one path segment of letters, digits, '-', '_' and '.'; "" picks the next
  /// unused "issuer-N". Errors: `kInvalidArgument` for a bad or taken name, or a second issuer at the root.
  oidc::Result<std::shared_ptr<Issuer>> create(std::string name, IssuerConfig config, oidc::Clock& clock);
  /// As above for an issuer that owns its clock.
  oidc::Result<std::shared_ptr<Issuer>> create(std::string name, IssuerConfig config,
                                               std::shared_ptr<oidc::Clock> clock, Mount mount = Mount::kSegment);

  std::shared_ptr<Issuer> find(std::string_view name) const;
  /// False if there is none. Requests in flight finish on the removed issuer.
  bool remove(std::string_view name);
  std::vector<std::string> names() const;
  /// The name of an issuer; "" if it isn't among them.
  std::string name_of(const Issuer& issuer) const;

  /// The issuer that a path belongs to: /alpha/…, /.well-known/oauth-authorization-server/alpha
  /// and /.well-known/openid-configuration/alpha. Null if none. May make one (`create_unknown`).
  std::shared_ptr<Issuer> route(std::string_view path) const;

  /// Routes by the URL's path; `refuse_stray` for a path of no issuer.
  Reply handle(const oidc::HttpRequest& request) const;
  /// What a request gets that belongs to no issuer, wherever it came in: 404, if nobody says otherwise (`on_stray`).
  Reply refuse_stray(const oidc::HttpRequest& request) const;

 private:
  /// Requires mutex_ alone, and a name that is good and free.
  std::shared_ptr<Issuer> add(std::string name, IssuerConfig config, std::shared_ptr<oidc::Clock> clock,
                              Mount mount) const;
  std::shared_ptr<Issuer> root() const;
  std::shared_ptr<Issuer> create_automatically(std::string_view name) const;

  std::string origin_;
  mutable std::shared_mutex mutex_;
  // A request that makes an issuer changes nothing that others have seen.
  mutable std::map<std::string, std::shared_ptr<Issuer>, std::less<>> issuers_;  // guarded by mutex_
  mutable std::string root_;                                                     // guarded by mutex_; a name
  std::size_t next_ = 1;                                                         // guarded by mutex_
  std::shared_ptr<const AutoIssuers> recipe_;                                    // guarded by mutex_; null: none
  bool follow_requests_ = false;                                                 // guarded by mutex_
  std::shared_ptr<const StrayHandler> stray_;                                    // guarded by mutex_; null: 404
};

}  // namespace mockserver
