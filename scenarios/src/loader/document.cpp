#include "loader/document.hpp"

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

}  // namespace scenarios
