#include "adapters/commands/extract.hpp"

#include <regex>

#include "pattern.hpp"

namespace scenarios::commands {

using oidc::Json;

std::optional<std::string> first_match(const std::string& pattern, const std::string& text) {
  std::smatch match;
  if (!std::regex_search(text, match, make_pattern(pattern))) {
    return std::nullopt;
  }
  return match.size() > 1 ? match[1].str() : match[0].str();
}

std::string trimmed(const std::string& text) {
  constexpr const char* kBlank = " \t\r\n";
  const auto first = text.find_first_not_of(kBlank);
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::optional<Json> extracted(const Extract& extract, const std::string& output) {
  switch (extract.how) {
    case Extract::How::kPattern: {
      const auto found = first_match(extract.text, output);
      return found ? std::optional<Json>{*found} : std::nullopt;
    }
    case Extract::How::kPointer: {
      const auto json = oidc::parse_json(output);
      const auto pointer = Json::json_pointer{extract.text};
      return json && json->contains(pointer) ? std::optional<Json>{json->at(pointer)} : std::nullopt;
    }
    case Extract::How::kValue:
      return extract.value;
    case Extract::How::kAll:
      break;
  }
  return Json(trimmed(output));
}

}  // namespace scenarios::commands
