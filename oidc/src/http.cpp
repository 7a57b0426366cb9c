#include "oidc/http.hpp"

#include <algorithm>

namespace oidc {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

void Headers::add(std::string name, std::string value) {
  fields_.emplace_back(std::move(name), std::move(value));
}

void Headers::set(std::string_view name, std::string value) {
  const auto matches = [&](const Field& field) { return same_name(field.first, name); };
  const auto found = std::find_if(fields_.begin(), fields_.end(), matches);
  if (found == fields_.end()) {
    fields_.emplace_back(name, std::move(value));
    return;
  }
  found->second = std::move(value);
  fields_.erase(std::remove_if(found + 1, fields_.end(), matches), fields_.end());
}

void Headers::remove(std::string_view name) {
  std::erase_if(fields_, [&](const Field& field) { return same_name(field.first, name); });
}

std::optional<std::string> Headers::get(std::string_view name) const {
  for (const auto& [field_name, value] : fields_) {
    if (same_name(field_name, name)) {
      return value;
    }
  }
  return std::nullopt;
}

bool Headers::contains(std::string_view name) const {
  return count(name) > 0;
}

std::size_t Headers::count(std::string_view name) const {
  const auto matches =
      std::count_if(fields_.begin(), fields_.end(), [&](const Field& field) { return same_name(field.first, name); });
  return static_cast<std::size_t>(matches);
}

std::string media_type(const Headers& headers) {
  std::string value = headers.get("Content-Type").value_or("");
  value.resize(std::min(value.find(';'), value.size()));
  const auto first = value.find_first_not_of(" \t");
  if (first == std::string::npos) {
    return "";
  }
  value = value.substr(first, value.find_last_not_of(" \t") - first + 1);
  std::transform(value.begin(), value.end(), value.begin(), lower);
  return value;
}

}  // namespace oidc
