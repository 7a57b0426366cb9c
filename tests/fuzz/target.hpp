#pragma once

#include <span>
#include <string_view>

#include "oidc/http.hpp"

/// What the fuzzer and the corpus runner share.
namespace fuzz {

/// One thing to feed with any bytes. `run` ends the process if something is wrong that no input may cause.
struct Target {
  std::string_view name;
  void (*run)(std::string_view input);
};

/// All of them; the corpus of each is the folder of its name in tests/fuzz/corpus.
std::span<const Target> targets();
/// Null if there is none of that name.
const Target* find_target(std::string_view name);

/// Aborts with `what` on stderr, unless `holds`.
void require(bool holds, std::string_view what);

/// A request written as in a corpus file: "METHOD TARGET", header fields a line each, an empty line, the body. Whatever
/// is missing is empty. `origin` comes before the target.
oidc::HttpRequest read_request(std::string_view input, std::string_view origin);

/// What holds of every reply: a status that HTTP has and that isn't 500, header fields in one line, JSON that is JSON.
void require_sound(const oidc::HttpResponse& response);

}  // namespace fuzz
