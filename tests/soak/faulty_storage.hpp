#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <utility>

#include "authcore/storage.hpp"

/// Storage that does what storage must not do: the tests of this folder have to notice.
namespace soak {

using Storage = authcore::ObjectStorageProvider;

/// Another provider, with one thing done wrong in a subclass.
class FaultyStorage : public Storage {
 public:
  explicit FaultyStorage(std::shared_ptr<Storage> sound) : sound_{std::move(sound)} {}

  oidc::Result<oidc::Json> load(const std::string& key) override { return sound_->load(key); }
  oidc::Status save(const std::string& key, const oidc::Json& object) override { return sound_->save(key, object); }
  oidc::Result<bool> exists(const std::string& key) override { return sound_->exists(key); }
  oidc::Result<authcore::ObjectVersion> version(const std::string& key) override { return sound_->version(key); }
  oidc::Status rename(const std::string& from, const std::string& to) override { return sound_->rename(from, to); }
  oidc::Status remove(const std::string& key) override { return sound_->remove(key); }
  oidc::Result<std::unique_ptr<Lock>> lock(const std::string& key, oidc::Clock& clock, oidc::Duration timeout,
                                           std::stop_token stop) override {
    return sound_->lock(key, clock, timeout, stop);
  }

 private:
  std::shared_ptr<Storage> sound_;
};

/// Says that everything is saved, and saves every second time.
class ForgetfulStorage final : public FaultyStorage {
 public:
  using FaultyStorage::FaultyStorage;
  oidc::Status save(const std::string& key, const oidc::Json& object) override {
    return ++saves_ % 2 == 0 ? FaultyStorage::save(key, object) : oidc::Status{oidc::Done{}};
  }

 private:
  int saves_ = 0;
};

/// Writes over the file itself, in two parts.
class InPlaceStorage final : public FaultyStorage {
 public:
  InPlaceStorage(std::shared_ptr<Storage> sound, oidc::Clock& clock) : FaultyStorage{std::move(sound)}, clock_{clock} {}
  oidc::Status save(const std::string& key, const oidc::Json& object) override {
    const std::string text = oidc::to_pretty_text(object);
    const int fd = ::open(key.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const std::size_t half = text.size() / 2;
    const ssize_t first = ::write(fd, text.data(), half);
    clock_.sleep_for(std::chrono::milliseconds{5});
    const ssize_t second = ::write(fd, text.data() + half, text.size() - half);
    ::close(fd);
    return first > 0 && second > 0 ? oidc::Status{oidc::Done{}} : oidc::Error{oidc::Errc::kStorage, "cannot write"};
  }

 private:
  oidc::Clock& clock_;
};

/// Locks nothing.
class UnlockedStorage final : public FaultyStorage {
 public:
  using FaultyStorage::FaultyStorage;
  oidc::Result<std::unique_ptr<Lock>> lock(const std::string& key, oidc::Clock& clock, oidc::Duration timeout,
                                           std::stop_token stop) override {
    return Storage::lock(key, clock, timeout, stop);
  }
};

}  // namespace soak
