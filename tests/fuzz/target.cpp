#include "target.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "oidc/json.hpp"

namespace fuzz {

// One file each.
void run_assertion(std::string_view input);
void run_config(std::string_view input);
void run_control(std::string_view input);
void run_scenario(std::string_view input);
void run_token(std::string_view input);
void run_url(std::string_view input);

namespace {

constexpr Target kTargets[] = {{"assertion", run_assertion}, {"config", run_config}, {"control", run_control},
                               {"scenario", run_scenario},   {"token", run_token},   {"url", run_url}};

// RFC 9110 section 5.6.2.
constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kNameCharacters =
    "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// Takes a line off the front.
std::string_view take_line(std::string_view& rest) {
  const std::string_view line = rest.substr(0, rest.find('\n'));
  rest.remove_prefix(std::min(rest.size(), line.size() + 1));
  return line;
}

bool breaks_line(std::string_view text) {
  return text.find_first_of("\r\n") != std::string_view::npos;
}

}  // namespace

std::span<const Target> targets() {
  return kTargets;
}

const Target* find_target(std::string_view name) {
  const auto* found = std::ranges::find(kTargets, name, &Target::name);
  return found != std::end(kTargets) ? found : nullptr;
}

void require(bool holds, std::string_view what) {
  if (!holds) {
    std::fprintf(stderr, "fuzz: %.*s\n", static_cast<int>(what.size()), what.data());
    std::abort();
  }
}

oidc::HttpRequest read_request(std::string_view input, std::string_view origin) {
  oidc::HttpRequest request;
  const std::string_view line = take_line(input);
  const auto space = line.find(' ');
  if (const auto method = line.substr(0, space); method.find_first_not_of(kLetters) == std::string_view::npos) {
    request.method = method;
  }
  request.url = std::string{origin} + std::string{space != std::string_view::npos ? line.substr(space + 1) : "/"};
  while (!input.empty()) {
    const std::string_view field = take_line(input);
    if (field.empty()) {
      break;
    }
    // Only what a server would take as the name of a field.
    const auto end = field.find_first_not_of(kNameCharacters);
    if (end != std::string_view::npos && end > 0 && field.substr(end).starts_with(": ")) {
      request.headers.add(std::string{field.substr(0, end)}, std::string{field.substr(end + 2)});
    }
  }
  request.body = input;
  return request;
}

void require_sound(const oidc::HttpResponse& response) {
  require(response.status >= 200 && response.status < 600, "no final status");
  require(response.status != 500, "500: " + response.body);
  for (const auto& [name, value] : response.headers) {
    require(!breaks_line(name) && !breaks_line(value), "a header field that breaks its line");
  }
  if (media_type(response.headers).ends_with("json") && !response.body.empty()) {
    require(oidc::parse_json(response.body).has_value(), "JSON that is none: " + response.body);
  }
}

}  // namespace fuzz
