#include "oidc/form.hpp"

#include <algorithm>

#include "oidc/url.hpp"

namespace oidc {

void Form::add(std::string name, std::string value) {
  fields_.emplace_back(std::move(name), std::move(value));
}

void Form::set(std::string_view name, std::string value) {
  const auto found =
      std::find_if(fields_.begin(), fields_.end(), [&](const Field& field) { return field.first == name; });
  if (found == fields_.end()) {
    fields_.emplace_back(name, std::move(value));
    return;
  }
  found->second = std::move(value);
  fields_.erase(std::remove_if(found + 1, fields_.end(), [&](const Field& field) { return field.first == name; }),
                fields_.end());
}

void Form::remove(std::string_view name) {
  std::erase_if(fields_, [&](const Field& field) { return field.first == name; });
}

std::optional<std::string> Form::get(std::string_view name) const {
  for (const auto& [field_name, value] : fields_) {
    if (field_name == name) {
      return value;
    }
  }
  return std::nullopt;
}

std::string Form::value_or_empty(std::string_view name) const {
  return get(name).value_or("");
}

std::size_t Form::count(std::string_view name) const {
  const auto matches =
      std::count_if(fields_.begin(), fields_.end(), [&](const Field& field) { return field.first == name; });
  return static_cast<std::size_t>(matches);
}

std::optional<std::string> Form::repeated_name() const {
  for (const auto& field : fields_) {
    if (count(field.first) > 1) {
      return field.first;
    }
  }
  return std::nullopt;
}

std::string Form::encode() const {
  std::string text;
  for (const auto& [name, value] : fields_) {
    if (!text.empty()) {
      text += '&';
    }
    text += form_encode(name) + "=" + form_encode(value);
  }
  return text;
}

Result<Form> parse_form(std::string_view text) {
  // What is asked of a form looks at all of it: a mebibyte of parameters would keep a server busy for minutes.
  constexpr std::size_t kMaxFields = 1'000;
  std::size_t fields = 0;
  Form form;
  while (!text.empty()) {
    const auto end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) {
      continue;
    }
    if (++fields > kMaxFields) {
      return Error{Errc::kInvalidArgument, "a form has at most 1,000 parameters"};
    }
    const auto equals = std::min(pair.find('='), pair.size());
    auto name = form_decode(pair.substr(0, equals));
    if (!name) {
      return name.error();
    }
    auto value = form_decode(pair.substr(std::min(equals + 1, pair.size())));
    if (!value) {
      return value.error();
    }
    form.add(*std::move(name), *std::move(value));
  }
  return form;
}

}  // namespace oidc
