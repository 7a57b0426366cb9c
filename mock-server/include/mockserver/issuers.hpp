#pragma once

#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/issuer.hpp"

namespace mockserver {

/// The issuers that live behind one origin, told apart by the first path segment: the
/// issuer "alpha" of "https://issuer.test" is "https://issuer.test/alpha". Thread-safe.
class Issuers {
 public:
  /// `origin` without a trailing slash.
  explicit Issuers(std::string origin) : origin_{std::move(origin)} {}

  const std::string& origin() const { return origin_; }

  /// `name` is one path segment of letters, digits, '-', '_' and '.'; "" picks the next
  /// unused "issuer-N". Errors: `kInvalidArgument` for a bad or taken name.
  oidc::Result<std::shared_ptr<Issuer>> create(std::string name, IssuerConfig config, oidc::Clock& clock);
  /// As above for an issuer that owns its clock.
  oidc::Result<std::shared_ptr<Issuer>> create(std::string name, IssuerConfig config,
                                               std::shared_ptr<oidc::Clock> clock);

  std::shared_ptr<Issuer> find(std::string_view name) const;
  /// False if there is none. Requests in flight finish on the removed issuer.
  bool remove(std::string_view name);
  std::vector<std::string> names() const;

  /// The issuer that a path belongs to: /alpha/…, /.well-known/oauth-authorization-server/alpha
  /// and /.well-known/openid-configuration/alpha. Null if none.
  std::shared_ptr<Issuer> route(std::string_view path) const;

  /// Routes by the URL's path; 404 for a path of no issuer.
  Reply handle(const oidc::HttpRequest& request) const;

 private:
  std::string origin_;
  mutable std::shared_mutex mutex_;
  std::map<std::string, std::shared_ptr<Issuer>, std::less<>> issuers_;  // guarded by mutex_
  std::size_t next_ = 1;                                                 // guarded by mutex_
};

}  // namespace mockserver
