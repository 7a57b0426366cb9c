#include "mockserver/state_file.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <mutex>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "oidc/base64url.hpp"
#include "oidc/json.hpp"
#include "oidc/openssl.hpp"

namespace mockserver {
namespace {

constexpr int kVersion = 2;
constexpr oidc::Duration kPause = std::chrono::seconds{1};

oidc::Error storage_error(const std::filesystem::path& path, std::string_view what) {
  return {oidc::Errc::kStorage, path.string() + ": " + std::string{what} + ": " + std::strerror(errno)};
}

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const auto count = ::write(file, text.data(), text.size());
    if (count < 0 && errno != EINTR) {
      return false;
    }
    text.remove_prefix(count < 0 ? 0 : static_cast<std::size_t>(count));
  }
  return true;
}

/// Whoever reads `path` meanwhile, or after a crash, finds the old text or the new one.
oidc::Status replace_file(const std::filesystem::path& path, std::string_view text) {
  const std::string temporary = path.string() + ".new";
  ::unlink(temporary.c_str());  // of a process that was killed
  const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) {
    return storage_error(path, "cannot be written");
  }
  const bool written = write_all(file, text) && ::fsync(file) == 0;
  const bool closed = ::close(file) == 0;
  if (!written || !closed || ::rename(temporary.c_str(), path.c_str()) != 0) {
    const oidc::Error error = storage_error(path, "cannot be written");
    ::unlink(temporary.c_str());
    return error;
  }
  return oidc::Done{};
}

/// The right to write a state file, for as long as this lives. Its file stays: to remove it would let two others each
/// hold a lock of their own.
class Lock {
 public:
  static oidc::Result<Lock> take(const std::filesystem::path& path) {
    const std::string name = path.string() + ".lock";
    Lock lock{::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR)};
    if (lock.file_ < 0) {
      return storage_error(path, "cannot be written");
    }
    if (::flock(lock.file_, LOCK_EX | LOCK_NB) != 0) {
      return errno == EWOULDBLOCK ? oidc::Error{oidc::Errc::kStorage, path.string() + ": is in use by another server"}
                                  : storage_error(path, "cannot be locked");
    }
    return lock;
  }
  Lock(Lock&& other) noexcept : file_{std::exchange(other.file_, -1)} {}
  Lock& operator=(Lock&&) = delete;
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  ~Lock() {
    if (file_ >= 0) {
      ::close(file_);
    }
  }

 private:
  explicit Lock(int file) : file_{file} {}
  int file_;
};

std::string digest_of(const oidc::Json& issuers) {
  return oidc::base64url_encode(oidc::sha256(oidc::to_text(issuers)));
}

oidc::Error damaged(const std::filesystem::path& path) {
  return {oidc::Errc::kCorruptStorage, path.string() + ": is damaged, or not a state file"};
}

/// The issuers' states by name; {} if there is no file.
oidc::Result<oidc::Json> read_states(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    return oidc::Json::object();
  }
  std::ifstream stream{path, std::ios::binary};
  const std::string text{std::istreambuf_iterator<char>{stream}, {}};
  if (!stream) {
    return storage_error(path, "cannot be read");
  }
  const auto json = oidc::parse_json(text);
  if (!json || !json->is_object() || !json->contains("issuers") || !(*json)["issuers"].is_object()) {
    return damaged(path);
  }
  if (json->value("version", oidc::Json{}) != kVersion) {
    return oidc::Error{oidc::Errc::kCorruptStorage, path.string() + ": is of another version"};
  }
  if (json->value("sha256", oidc::Json{}) != digest_of((*json)["issuers"])) {
    return damaged(path);
  }
  return (*json)["issuers"];
}

}  // namespace

class StateFile::Impl {
 public:
  Impl(std::filesystem::path path, Lock lock, const Issuers& issuers, oidc::Json states)
      : path_{std::move(path)},
        lock_{std::move(lock)},
        issuers_{issuers},
        names_{issuers.names()},
        states_(std::move(states)) {}

  oidc::Status restore();
  oidc::Status save();
  void keep_saving(const std::stop_token& stop);

 private:
  const std::filesystem::path path_;
  const Lock lock_;
  const Issuers& issuers_;
  const std::vector<std::string> names_;  // those that were there first: others are a test's, and go with it
  std::mutex mutex_;
  oidc::Json states_;   // guarded by mutex_; also of issuers that aren't there now
  std::string digest_;  // guarded by mutex_; of what the file holds
};

oidc::Status StateFile::Impl::restore() {
  const std::scoped_lock lock{mutex_};
  for (const auto& [name, state] : states_.items()) {
    const auto issuer = issuers_.find(name);
    if (!issuer) {
      continue;
    }
    if (const auto restored = issuer->set_state(state); !restored) {
      return oidc::Error{restored.error().code, path_.string() + ": " + name + ": " + restored.error().message};
    }
  }
  return oidc::Done{};
}

oidc::Status StateFile::Impl::save() {
  const std::scoped_lock lock{mutex_};
  for (const std::string& name : names_) {
    if (const auto issuer = issuers_.find(name)) {
      states_[name] = issuer->state();
    } else {
      states_.erase(name);  // it was deleted
    }
  }
  std::string digest = digest_of(states_);
  if (digest == digest_) {
    return oidc::Done{};
  }
  const oidc::Json all = {{"version", kVersion}, {"sha256", digest}, {"issuers", states_}};
  auto written = replace_file(path_, oidc::to_text(all) + "\n");
  if (written) {
    digest_ = std::move(digest);
  }
  return written;
}

/// What cannot be written now may be written later; the last one to try is the destructor's.
void StateFile::Impl::keep_saving(const std::stop_token& stop) {
  oidc::SystemClock clock;
  while (clock.sleep_for(kPause, stop)) {
    static_cast<void>(save());
  }
}

StateFile::StateFile(std::unique_ptr<Impl> impl)
    : impl_{std::move(impl)}, saving_{[this](const std::stop_token& stop) { impl_->keep_saving(stop); }} {}

StateFile::~StateFile() {
  saving_.request_stop();
  saving_.join();
  static_cast<void>(save());
}

oidc::Result<std::unique_ptr<StateFile>> StateFile::open(std::filesystem::path path, const Issuers& issuers) {
  auto lock = Lock::take(path);
  if (!lock) {
    return lock.error();
  }
  auto states = read_states(path);
  if (!states) {
    return states.error();
  }
  auto impl = std::make_unique<Impl>(std::move(path), *std::move(lock), issuers, *std::move(states));
  if (const auto restored = impl->restore(); !restored) {
    return restored.error();
  }
  if (const auto saved = impl->save(); !saved) {  // a place that cannot be written is better known at once
    return saved.error();
  }
  return std::unique_ptr<StateFile>{new StateFile{std::move(impl)}};
}

oidc::Status StateFile::save() {
  return impl_->save();
}

}  // namespace mockserver
