#include "storage/sops.hpp"

#include <algorithm>
#include <array>

#include "oidc/json.hpp"
#include "storage/child_process.hpp"
#include "storage/posix_file.hpp"

namespace authcore {

namespace fs = std::filesystem;

namespace {

/// Encryption makes each value longer by some 150 bytes.
constexpr std::size_t kMaxEncryptedBytes = 8 * 1024 * 1024;

/// Exit codes of sops (its cmd/sops/codes), in words of ours.
struct Reason {
  int exit_code;
  oidc::Errc code;
  const char* text;
};
constexpr std::array kReasons{
    Reason{25, oidc::Errc::kCorruptStorage, "it was changed after it was encrypted"},
    Reason{51, oidc::Errc::kCorruptStorage, "it was changed after it was encrypted"},
    Reason{52, oidc::Errc::kCorruptStorage, "its checksum is missing"},
    Reason{61, oidc::Errc::kStorage, "no keys are configured for it"},
    Reason{128, oidc::Errc::kStorage, "no key that decrypts it is at hand"},
    Reason{203, oidc::Errc::kStorage, "the name \"sops\" is reserved in such objects"},
};

oidc::Error failure(const std::string& verb, const fs::path& path, int exit_code) {
  const auto* reason =
      std::find_if(kReasons.begin(), kReasons.end(), [&](const Reason& known) { return known.exit_code == exit_code; });
  std::string message = "sops could not " + verb + " " + path.string() + " (exit code " + std::to_string(exit_code);
  if (reason == kReasons.end()) {
    return {oidc::Errc::kStorage, message + ")"};
  }
  return {reason->code, message + ": " + reason->text + ")"};
}

/// An encrypted object carries its keys, encrypted too, in the member "sops".
bool is_encrypted(const std::string& text) {
  const auto object = oidc::parse_json(text);
  return object && object->is_object() && object->contains("sops") && object->at("sops").is_object();
}

}  // namespace

Sops::Sops(const std::string& program)
    : program_{program.find('/') == std::string::npos ? program : fs::absolute(program).string()} {}

oidc::Result<std::string> Sops::decrypt(const fs::path& path, std::size_t limit, FileOwners owners) const {
  const fs::path file = fs::absolute(path);
  const auto encrypted = read_file(file, kMaxEncryptedBytes, owners);
  if (!encrypted) {
    return encrypted.error();
  }
  if (!is_encrypted(*encrypted)) {
    return oidc::Error{oidc::Errc::kCorruptStorage, path.string() + " was not written by sops"};
  }
  auto run = run_program({program_, "-d", file.string()}, file.parent_path(), {}, limit);
  if (!run) {
    return std::move(run).error();
  }
  if (run->exit_code != 0) {
    return failure("decrypt", path, run->exit_code);
  }
  return std::move(run->output);
}

oidc::Result<std::string> Sops::encrypt(const fs::path& path, std::string_view text) const {
  const fs::path file = fs::absolute(path);
  auto run = run_program({program_, "encrypt", "--input-type", "json", "--output-type", "json", "--filename-override",
                          file.string(), "/dev/stdin"},
                         file.parent_path(), text, kMaxEncryptedBytes);
  if (!run) {
    return std::move(run).error();
  }
  if (run->exit_code != 0) {
    return failure("encrypt", path, run->exit_code);
  }
  if (!is_encrypted(run->output)) {
    return oidc::Error{oidc::Errc::kStorage, "sops did not encrypt the object for " + path.string()};
  }
  return std::move(run->output);
}

}  // namespace authcore
