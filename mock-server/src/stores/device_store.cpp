#include "stores/device_store.hpp"

#include <algorithm>

#include "limits.hpp"
#include "refusal.hpp"

namespace mockserver {
namespace {

constexpr std::chrono::seconds kSlowDown{5};  // RFC 8628 section 3.5

std::string normalized(std::string_view user_code) {
  std::string result;
  for (const char c : user_code) {
    if (c != '-' && c != ' ') {
      result += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
  }
  return result;
}

Decision decision_of(const DeviceGrant& grant, const std::optional<Decision>& decision, oidc::TimePoint now) {
  if (decision) {
    return *decision;
  }
  return now >= grant.planned_at ? grant.planned : Decision::kPending;
}

/// Whether a decision on it can still make a difference. Errors: `kNotFound`, `kInvalidArgument`.
oidc::Status check_open(const DeviceStore::DeviceState* device, oidc::TimePoint now) {
  if (device == nullptr) {
    return oidc::Error{oidc::Errc::kNotFound, "no such device grant"};
  }
  if (device->given) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "the device grant is over: its tokens were issued"};
  }
  if (now >= device->grant.expires_at) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "the device grant is over: it expired"};
  }
  return oidc::Done{};
}

}  // namespace

void DeviceStore::add(DeviceGrant grant) {
  const std::scoped_lock lock{mutex_};
  const oidc::TimePoint now = grant.issued_at;
  devices_.push_back({std::move(grant)});
  if (devices_.size() <= kMostKept + kMostKept / 10) {
    return;
  }
  auto excess = static_cast<std::ptrdiff_t>(devices_.size() - kMostKept);
  std::erase_if(devices_,
                [&](const DeviceState& device) { return excess > 0 && !check_open(&device, now) && excess-- > 0; });
  devices_.erase(devices_.begin(), devices_.begin() + excess);
}

std::optional<DeviceGrant> DeviceStore::find(std::string_view device_code) {
  const std::scoped_lock lock{mutex_};
  const DeviceState* device = by_device_code(device_code);
  return device == nullptr ? std::nullopt : std::optional{device->grant};
}

oidc::Result<DeviceGrant> DeviceStore::poll(std::string_view device_code, std::string_view client, bool slow_down,
                                            oidc::TimePoint now) {
  const std::scoped_lock lock{mutex_};
  DeviceState* device = by_device_code(device_code);
  if (device == nullptr || device->grant.client != client || device->given) {
    return refusal("invalid_grant", device == nullptr ? "unknown device_code"
                                    : device->given   ? "the device_code was used before"
                                                      : "the device_code was issued to another client");
  }
  if (now >= device->grant.expires_at) {
    return refusal("expired_token", "the device_code is expired");
  }
  const auto previous = std::exchange(device->last_poll, now);
  // A wall clock that was set back is no reason to call the client impatient.
  const bool too_soon = previous && now >= *previous && now - *previous < device->grant.interval;
  if (too_soon || slow_down) {
    device->grant.interval += kSlowDown;
    return refusal("slow_down", "poll again after " + std::to_string(device->grant.interval.count()) + " seconds");
  }
  if (device->pending > 0) {
    --device->pending;
    return refusal("authorization_pending", "the user has not decided yet");
  }
  switch (decision_of(device->grant, device->decision, now)) {
    case Decision::kDeny:
      return refusal("access_denied", "the user said no");
    case Decision::kApprove:
      device->given = true;
      return device->grant;
    case Decision::kPending:
      break;
  }
  return refusal("authorization_pending", "the user has not decided yet");
}

oidc::Status DeviceStore::decide(std::string_view user_code, Decision decision, oidc::TimePoint now) {
  const std::scoped_lock lock{mutex_};
  DeviceState* device = by_user_code(user_code);
  if (auto open = check_open(device, now); !open) {
    return open;
  }
  device->decision = decision;
  return oidc::Done{};
}

oidc::Status DeviceStore::expire(std::string_view user_code, oidc::TimePoint now) {
  const std::scoped_lock lock{mutex_};
  DeviceState* device = by_user_code(user_code);
  if (auto open = check_open(device, now); !open) {
    return open;
  }
  device->grant.expires_at = now;
  return oidc::Done{};
}

std::optional<DeviceGrant> DeviceStore::pending(std::string_view user_code, oidc::TimePoint now) {
  const std::scoped_lock lock{mutex_};
  const DeviceState* device = normalized(user_code).empty() ? nullptr : by_user_code(user_code);
  const bool waits = device != nullptr && !device->given && now < device->grant.expires_at &&
                     decision_of(device->grant, device->decision, now) == Decision::kPending;
  return waits ? std::optional{device->grant} : std::nullopt;
}

oidc::Status DeviceStore::decide_as(const Login& login, std::string_view user_code, Decision decision,
                                    oidc::TimePoint now) {
  const std::scoped_lock lock{mutex_};
  DeviceState* device = by_user_code(user_code);
  if (auto open = check_open(device, now); !open) {
    return open;
  }
  device->decision = decision;
  device->grant.login = login;
  return oidc::Done{};
}

bool DeviceStore::expire_device_code(std::string_view device_code, oidc::TimePoint now) {
  const std::scoped_lock lock{mutex_};
  DeviceState* device = by_device_code(device_code);
  if (device == nullptr) {
    return false;
  }
  device->grant.expires_at = std::min(device->grant.expires_at, now);
  return true;
}

bool DeviceStore::decide_device_code(std::string_view device_code, Decision decision) {
  const std::scoped_lock lock{mutex_};
  DeviceState* device = by_device_code(device_code);
  if (device != nullptr) {
    device->decision = decision;
  }
  return device != nullptr;
}

bool DeviceStore::keep_pending(std::string_view device_code, std::size_t polls) {
  const std::scoped_lock lock{mutex_};
  DeviceState* device = by_device_code(device_code);
  if (device != nullptr) {
    device->pending = polls;
  }
  return device != nullptr;
}

bool DeviceStore::set_interval(std::string_view device_code, std::chrono::seconds interval) {
  const std::scoped_lock lock{mutex_};
  DeviceState* device = by_device_code(device_code);
  if (device != nullptr) {
    device->grant.interval = interval;
  }
  return device != nullptr;
}

std::size_t DeviceStore::expire_all(oidc::TimePoint now) {
  const std::scoped_lock lock{mutex_};
  std::size_t ended = 0;
  for (DeviceState& device : devices_) {
    ended += !device.given && now < device.grant.expires_at ? 1U : 0U;
    device.grant.expires_at = std::min(device.grant.expires_at, now);
  }
  return ended;
}

DeviceStore::DeviceState* DeviceStore::by_device_code(std::string_view device_code) {
  const auto found = std::ranges::find_if(
      devices_, [&](const DeviceState& device) { return device.grant.device_code == device_code; });
  return found == devices_.end() ? nullptr : &*found;
}

DeviceStore::DeviceState* DeviceStore::by_user_code(std::string_view user_code) {
  if (user_code.empty()) {
    return devices_.empty() ? nullptr : &devices_.back();
  }
  const auto found = std::ranges::find_if(
      devices_, [&](const DeviceState& device) { return normalized(device.grant.user_code) == normalized(user_code); });
  return found == devices_.end() ? nullptr : &*found;
}

DeviceStore::State DeviceStore::snapshot() const {
  const std::scoped_lock lock{mutex_};
  return {devices_};
}

void DeviceStore::restore(State state) {
  const std::scoped_lock lock{mutex_};
  devices_ = std::move(state.devices);
}

}  // namespace mockserver
