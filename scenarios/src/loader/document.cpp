#include "scenarios/document.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

namespace scenarios {
namespace {

Place nearest(const std::map<std::string, Place>& places, std::string_view pointer) {
  while (true) {
    if (const auto found = places.find(std::string{pointer}); found != places.end()) {
      return found->second;
    }
    const auto slash = pointer.rfind('/');
    if (slash == std::string_view::npos) {
      return {};
    }
    pointer = pointer.substr(0, slash);
  }
}

}  // namespace

Place Document::place_of(std::string_view pointer) const {
  return nearest(values, pointer);
}

Place Document::key_place_of(std::string_view pointer) const {
  const auto key = keys.find(std::string{pointer});
  return key != keys.end() ? key->second : place_of(pointer);
}

std::string pointer_to(std::string_view pointer, std::string_view key) {
  std::string result{pointer};
  result += '/';
  for (const char c : key) {
    if (c == '~') {
      result += "~0";
    } else if (c == '/') {
      result += "~1";
    } else {
      result += c;
    }
  }
  return result;
}

std::string pointer_to(std::string_view pointer, std::size_t index) {
  return std::string{pointer} + "/" + std::to_string(index);
}

oidc::Result<std::string> read_text(const std::string& file) {
  const auto refuse = [&](const std::string& why) { return oidc::Error{oidc::Errc::kBadInput, file + ": " + why}; };
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (status.type() == std::filesystem::file_type::not_found) {
    return refuse("no such file");
  }
  if (std::filesystem::is_directory(status)) {
    return refuse("is a directory");
  }
  errno = 0;
  std::ifstream stream{file, std::ios::binary};
  if (!stream) {
    const std::error_code reason{errno, std::generic_category()};
    return refuse("cannot be read" + (reason ? ": " + reason.message() : ""));
  }
  std::ostringstream text;
  if (!(text << stream.rdbuf())) {
    return refuse("is empty");
  }
  return text.str();
}

oidc::Result<Document> read_document(const std::string& file) {
  const auto text = read_text(file);
  if (!text) {
    return text.error();
  }
  Document document = file.ends_with(".json") ? read_json(*text) : read_yaml(*text);
  if (!document.problems.empty()) {
    return oidc::Error{oidc::Errc::kBadInput, to_lines(std::move(document.problems), file)};
  }
  return document;
}

std::string to_lines(std::vector<Problem> problems, const std::string& file) {
  std::ranges::stable_sort(problems, {}, &Problem::place);
  std::string lines;
  for (const Problem& problem : problems) {
    lines += (lines.empty() ? "" : "\n") + file + ":" + std::to_string(problem.place.line) + ":" +
             std::to_string(problem.place.column) + ": " + problem.sentence;
  }
  return lines;
}

}  // namespace scenarios
