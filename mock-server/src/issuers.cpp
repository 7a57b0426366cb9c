#include "mockserver/issuers.hpp"

#include <algorithm>

#include "oidc/url.hpp"
#include "reply.hpp"

namespace mockserver {
namespace {

constexpr std::string_view kWellKnown[] = {"/.well-known/oauth-authorization-server/",
                                           "/.well-known/openid-configuration/"};

constexpr std::size_t kLongestName = 255;

bool is_segment(std::string_view name) {
  const auto is_good = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  };
  // A leading dot would be ".well-known", or a path that clients normalise away. The name stands in every token.
  return !name.empty() && name.size() <= kLongestName && name.front() != '.' &&
         std::all_of(name.begin(), name.end(), is_good);
}

/// The issuer's name in a path; "" if there is none.
std::string_view name_in(std::string_view path) {
  for (const std::string_view prefix : kWellKnown) {
    if (path.starts_with(prefix)) {
      path.remove_prefix(prefix.size());
      return path.substr(0, path.ends_with('/') ? path.size() - 1 : path.size());
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
                                                      std::shared_ptr<oidc::Clock> clock, Mount mount) {
  if (!name.empty() && !is_segment(name)) {
    return oidc::Error{
        oidc::Errc::kInvalidArgument,
        "an issuer's name is at most 255 letters, digits, '-', '_' and '.', and does not start with '.'"};
  }
  const std::unique_lock lock{mutex_};
  while (name.empty()) {
    const std::string next = "issuer-" + std::to_string(next_++);
    name = issuers_.contains(next) ? "" : next;
  }
  if (issuers_.contains(name)) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "there is an issuer \"" + name + "\" already"};
  }
  if (mount == Mount::kRoot && !root_.empty()) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "the issuer \"" + root_ + "\" lives at the root already"};
  }
  return add(std::move(name), std::move(config), std::move(clock), mount);
}

std::shared_ptr<Issuer> Issuers::add(std::string name, IssuerConfig config, std::shared_ptr<oidc::Clock> clock,
                                     Mount mount) const {
  const bool at_root = mount == Mount::kRoot;
  const auto owned =
      std::make_shared<Owned>(std::move(config), at_root ? origin_ : origin_ + "/" + name, std::move(clock));
  const std::shared_ptr<Issuer> issuer{owned, &owned->issuer};
  if (follow_requests_) {
    issuer->follow_requests();
  }
  if (at_root) {
    root_ = name;
  }
  issuers_.emplace(std::move(name), issuer);
  return issuer;
}

void Issuers::create_unknown(AutoIssuers recipe) {
  const std::unique_lock lock{mutex_};
  recipe_ = std::make_shared<const AutoIssuers>(std::move(recipe));
}

void Issuers::follow_requests() {
  const std::unique_lock lock{mutex_};
  follow_requests_ = true;
}

void Issuers::on_stray(StrayHandler handler) {
  const std::unique_lock lock{mutex_};
  stray_ = std::make_shared<const StrayHandler>(std::move(handler));
}

Reply Issuers::refuse_stray(const oidc::HttpRequest& request) const {
  std::shared_lock lock{mutex_};
  const auto handler = stray_;
  lock.unlock();
  return handler ? (*handler)(request) : Reply{no_such_issuer(), {}};
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
  root_ = root_ == name ? "" : root_;
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

std::string Issuers::name_of(const Issuer& issuer) const {
  const std::shared_lock lock{mutex_};
  for (const auto& [name, one] : issuers_) {
    if (one.get() == &issuer) {
      return name;
    }
  }
  return "";
}

std::shared_ptr<Issuer> Issuers::root() const {
  const std::shared_lock lock{mutex_};
  const auto found = issuers_.find(root_);
  return found == issuers_.end() ? nullptr : found->second;
}

std::shared_ptr<Issuer> Issuers::create_automatically(std::string_view name) const {
  const std::unique_lock lock{mutex_};
  if (const auto found = issuers_.find(name); found != issuers_.end()) {
    return found->second;  // another request was quicker
  }
  if (!recipe_ || !is_segment(name) || issuers_.size() >= recipe_->max) {
    return nullptr;
  }
  return add(std::string{name}, recipe_->config, recipe_->clock(), Mount::kSegment);
}

std::shared_ptr<Issuer> Issuers::route(std::string_view path) const {
  const std::string_view name = name_in(path);
  if (auto issuer = find(name)) {
    return issuer;
  }
  if (auto issuer = root()) {
    return issuer;
  }
  // Only what is asked for something below its name: browsers ask every server for /favicon.ico.
  const bool below = path.size() > name.size() + 1 && path != "/" + std::string{name};
  return below ? create_automatically(name) : nullptr;
}

Reply Issuers::handle(const oidc::HttpRequest& request) const {
  const auto url = oidc::parse_url(request.url);
  const auto issuer = url ? route(url->path) : nullptr;
  return issuer ? issuer->handle(request) : refuse_stray(request);
}

}  // namespace mockserver
