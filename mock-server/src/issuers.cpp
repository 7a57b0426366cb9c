#include "mockserver/issuers.hpp"

#include <algorithm>

#include "oidc/url.hpp"

namespace mockserver {
namespace {

constexpr std::string_view kWellKnown[] = {"/.well-known/oauth-authorization-server/",
                                           "/.well-known/openid-configuration/"};

bool is_segment(std::string_view name) {
  const auto is_good = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  };
  // A leading dot would be ".well-known", or a path that clients normalise away.
  return !name.empty() && name.front() != '.' && std::all_of(name.begin(), name.end(), is_good);
}

/// The issuer's name in a path; "" if there is none.
std::string_view name_in(std::string_view path) {
  for (const std::string_view prefix : kWellKnown) {
    if (path.starts_with(prefix)) {
      return path.substr(prefix.size());
    }
  }
  path.remove_prefix(path.starts_with('/') ? 1 : 0);
  return path.substr(0, path.find('/'));
}

/// An issuer together with the clock that only it uses.
struct Owned {
  Owned(IssuerConfig config, std::string base_url, std::shared_ptr<oidc::Clock> its_clock)
      : clock{std::move(its_clock)}, issuer{std::move(config), std::move(base_url), *clock} {}
  std::shared_ptr<oidc::Clock> clock;
  Issuer issuer;
};

}  // namespace

oidc::Result<std::shared_ptr<Issuer>> Issuers::create(std::string name, IssuerConfig config, oidc::Clock& clock) {
  // Without ownership: the caller keeps the clock alive.
  return create(std::move(name), std::move(config), std::shared_ptr<oidc::Clock>{std::shared_ptr<void>{}, &clock});
}

oidc::Result<std::shared_ptr<Issuer>> Issuers::create(std::string name, IssuerConfig config,
                                                      std::shared_ptr<oidc::Clock> clock) {
  if (!name.empty() && !is_segment(name)) {
    return oidc::Error{oidc::Errc::kInvalidArgument,
                       "an issuer's name is letters, digits, '-', '_' and '.', and does not start with '.'"};
  }
  const std::unique_lock lock{mutex_};
  while (name.empty()) {
    const std::string next = "issuer-" + std::to_string(next_++);
    name = issuers_.contains(next) ? "" : next;
  }
  if (issuers_.contains(name)) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "there is an issuer \"" + name + "\" already"};
  }
  const auto owned = std::make_shared<Owned>(std::move(config), origin_ + "/" + name, std::move(clock));
  const std::shared_ptr<Issuer> issuer{owned, &owned->issuer};
  issuers_.emplace(std::move(name), issuer);
  return issuer;
}

std::shared_ptr<Issuer> Issuers::find(std::string_view name) const {
  const std::shared_lock lock{mutex_};
  const auto found = issuers_.find(name);
  return found == issuers_.end() ? nullptr : found->second;
}

bool Issuers::remove(std::string_view name) {
  std::shared_ptr<Issuer> removed;  // destroyed, if at all, after the lock is released
  const std::unique_lock lock{mutex_};
  const auto found = issuers_.find(name);
  if (found == issuers_.end()) {
    return false;
  }
  removed = std::move(found->second);
  issuers_.erase(found);
  return true;
}

std::vector<std::string> Issuers::names() const {
  const std::shared_lock lock{mutex_};
  std::vector<std::string> result;
  for (const auto& [name, issuer] : issuers_) {
    result.push_back(name);
  }
  return result;
}

std::shared_ptr<Issuer> Issuers::route(std::string_view path) const {
  return find(name_in(path));
}

Reply Issuers::handle(const oidc::HttpRequest& request) const {
  const auto url = oidc::parse_url(request.url);
  const auto issuer = url ? route(url->path) : nullptr;
  if (!issuer) {
    return {{404, {{"Content-Type", "text/plain; charset=utf-8"}}, "no such issuer\n"}, {}};
  }
  return issuer->handle(request);
}

}  // namespace mockserver
