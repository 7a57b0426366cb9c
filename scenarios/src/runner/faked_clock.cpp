#include "runner/faked_clock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <stdexcept>

#include "runner/folder.hpp"

namespace scenarios {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLibrary = "faketime/libfaketimeMT.so.1";

/// The machine's clock, with an offset that can grow.
class OffsetClock final : public oidc::Clock {
 public:
  oidc::TimePoint now() const override { return system_.now() + offset_.load() + wall_offset_.load(); }
  oidc::Duration steady_now() const override { return system_.steady_now() + offset_.load(); }
  bool sleep_for(oidc::Duration duration, std::stop_token stop) override {
    return system_.sleep_for(duration, std::move(stop));
  }

  void advance(oidc::Duration by) { offset_ = offset_.load() + by; }
  void step_wall(oidc::Duration by) { wall_offset_ = wall_offset_.load() + by; }
  oidc::Duration wall_offset() const { return offset_.load() + wall_offset_.load(); }

 private:
  oidc::SystemClock system_;
  std::atomic<oidc::Duration> offset_{oidc::Duration::zero()};
  std::atomic<oidc::Duration> wall_offset_{oidc::Duration::zero()};
};

class FakedRunClock final : public RunClock {
 public:
  FakedRunClock(const fs::path& directory, oidc::Duration skew)
      : file_{directory / "faketime"}, skew_{skew}, start_{clock_.now()} {
    tell();
  }

  oidc::Clock& clock() override { return clock_; }
  oidc::TimePoint start() const override { return start_; }
  void advance(oidc::Duration by) override {
    clock_.advance(by);
    tell();
  }
  bool step_wall(oidc::Duration by) override {
    clock_.step_wall(by);
    tell();
    return true;
  }
  std::unique_ptr<Actor> join() override { return std::make_unique<Actor>(); }
  oidc::Duration slack() const override { return std::chrono::seconds{1}; }
  bool skews_the_client() const override { return true; }
  std::vector<std::string> environment() const override {
    return {"LD_PRELOAD=" + find_faketime_library().value_or(""), "FAKETIME_TIMESTAMP_FILE=" + file_.string(),
            "FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1", "FAKETIME_DONT_RESET=1"};
  }

 private:
  /// Replaced as a whole: a program may read it at any moment.
  void tell() const {
    const fs::path temporary = file_.string() + ".new";
    const double seconds = std::chrono::duration<double>(clock_.wall_offset() + skew_).count();
    fs::remove(temporary);
    const Descriptor file{::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644)};  // follows no link
    const std::string text = fmt::format("{:+.3f}\n", seconds);
    if (::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
      throw std::runtime_error{"the client's clock cannot be set: " + temporary.string()};
    }
    fs::rename(temporary, file_);
  }

  fs::path file_;
  oidc::Duration skew_;
  OffsetClock clock_;
  oidc::TimePoint start_;
};

}  // namespace

std::optional<std::string> find_faketime_library() {
  std::error_code error;
  if (const char* named = std::getenv("ASSAY_FAKETIME"); named != nullptr) {
    return fs::exists(named, error) ? std::optional<std::string>{named} : std::nullopt;
  }
  for (const char* root : {"/usr/lib", "/usr/local/lib"}) {
    if (fs::exists(fs::path{root} / kLibrary, error)) {
      return (fs::path{root} / kLibrary).string();
    }
    for (fs::directory_iterator entry{root, error}, end; !error && entry != end; entry.increment(error)) {
      std::error_code absent;
      if (fs::exists(entry->path() / kLibrary, absent)) {
        return (entry->path() / kLibrary).string();
      }
    }
  }
  return std::nullopt;
}

std::unique_ptr<RunClock> make_faked_clock(const fs::path& directory, oidc::Duration skew) {
  return std::make_unique<FakedRunClock>(directory, skew);
}

}  // namespace scenarios
