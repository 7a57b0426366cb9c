#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>

#include "conformance/report.hpp"

namespace conformance {
namespace {

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(fd, text.data(), text.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0) {
      return false;
    }
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace

oidc::Status write_report(const std::string& path, const std::string& text) {
  const auto failure = [&path] {
    return oidc::Error{oidc::Errc::kStorage, fmt::format("cannot write {}: {}", path, std::strerror(errno))};
  };
  const std::filesystem::path folder = std::filesystem::path{path}.parent_path();
  std::error_code error;
  if (!folder.empty() && !std::filesystem::create_directories(folder, error) && error) {
    return oidc::Error{oidc::Errc::kStorage, fmt::format("cannot make {}: {}", folder.string(), error.message())};
  }
  std::string temporary = path + ".XXXXXX";
  const int fd = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) {
    return failure();
  }
  // Reports hold no secrets and are made to be read by others.
  const bool written = ::fchmod(fd, 0644) == 0 && write_all(fd, text);
  const bool closed = ::close(fd) == 0;
  if (!written || !closed || ::rename(temporary.c_str(), path.c_str()) != 0) {
    const oidc::Error reason = failure();
    ::unlink(temporary.c_str());
    return reason;
  }
  return oidc::Done{};
}

}  // namespace conformance
