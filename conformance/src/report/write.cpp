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

oidc::Error cannot_write(const std::string& path) {
  return {oidc::Errc::kStorage, fmt::format("cannot write {}: {}", path, std::strerror(errno))};
}

/// The text in a new file beside `path`; its name.
oidc::Result<std::string> write_beside(const std::string& path, const std::string& text) {
  const std::filesystem::path folder = std::filesystem::path{path}.parent_path();
  std::error_code error;
  if (!folder.empty() && !std::filesystem::create_directories(folder, error) && error) {
    return oidc::Error{oidc::Errc::kStorage, fmt::format("cannot make {}: {}", folder.string(), error.message())};
  }
  std::string temporary = path + ".XXXXXX";
  const int fd = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) {
    return cannot_write(path);
  }
  // Reports hold no secrets and are made to be read by others.
  const bool written = ::fchmod(fd, 0644) == 0 && write_all(fd, text);
  const bool closed = ::close(fd) == 0;
  if (!written || !closed) {
    const oidc::Error reason = cannot_write(path);
    ::unlink(temporary.c_str());
    return reason;
  }
  return temporary;
}

}  // namespace

oidc::Status write_report(const std::string& path, const std::string& text) {
  const auto temporary = write_beside(path, text);
  if (!temporary) {
    return temporary.error();
  }
  if (::rename(temporary->c_str(), path.c_str()) != 0) {
    const oidc::Error reason = cannot_write(path);
    ::unlink(temporary->c_str());
    return reason;
  }
  return oidc::Done{};
}

oidc::Status write_new_report(const std::string& path, const std::string& text) {
  const auto temporary = write_beside(path, text);
  if (!temporary) {
    return temporary.error();
  }
  // Unlike rename, link refuses what is there, whoever made it in the meantime.
  const bool linked = ::link(temporary->c_str(), path.c_str()) == 0;
  const oidc::Error reason =
      errno == EEXIST ? oidc::Error{oidc::Errc::kInvalidArgument, path + " is there already"} : cannot_write(path);
  ::unlink(temporary->c_str());
  return linked ? oidc::Status{oidc::Done{}} : oidc::Status{reason};
}

}  // namespace conformance
