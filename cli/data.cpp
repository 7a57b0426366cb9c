#include "data.hpp"

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace cli {
namespace {

namespace fs = std::filesystem;

fs::path installed_data() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  return error ? fs::path{} : program.parent_path().parent_path() / "share" / "assay";
}

fs::path choose(const Context& context) {
  if (!context.data_dir.empty()) {
    return context.data_dir;
  }
  if (const char* from_environment = std::getenv("ASSAY_DATA"); from_environment && *from_environment) {
    return from_environment;
  }
  std::error_code error;
  if (const fs::path installed = installed_data(); fs::is_directory(installed, error)) {
    return installed;
  }
  return ASSAY_SOURCE_DIR;
}

}  // namespace

oidc::Result<Data> Data::locate(const Context& context) {
  Data data{choose(context).lexically_normal().string()};
  std::error_code error;
  if (!fs::is_directory(data.library(), error)) {
    return oidc::Error{oidc::Errc::kNotFound,
                       data.root_ + " holds no scenarios/library (see --data-dir and $ASSAY_DATA)"};
  }
  return data;
}

}  // namespace cli
