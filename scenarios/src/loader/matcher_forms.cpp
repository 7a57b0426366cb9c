#include "loader/matcher_forms.hpp"

#include <algorithm>
#include <regex>

#include "oidc/schema.hpp"
#include "pattern.hpp"
#include "scenarios/document.hpp"

namespace scenarios {
namespace {

using oidc::Json;

/// What is wrong with a member that makes its matcher one of a kind; "" if nothing is.
using Complaint = std::string (*)(const Json& value);

std::string about_pattern(const Json& value) {
  try {
    make_pattern(value.get<std::string>());
    return "";
  } catch (const std::regex_error& error) {
    return "not a regular expression: " + std::string{error.what()};
  }
}

std::string about_field(const Json& value) {
  static const std::regex kForm = make_pattern("[1-9][0-9]*\\.(form|headers)\\.[^.]+");
  return std::regex_match(value.get_ref<const std::string&>(), kForm)
             ? ""
             : "not the field of a request: " + oidc::to_text(value) +
                   " (expected like \"1.form.code_verifier\": request number, form or headers, name)";
}

std::string about_length(const Json& value) {
  const bool counts = value.is_number_integer() && value >= 0;
  return counts ? "" : "not a number of characters: " + oidc::to_text(value);
}

std::string about_charset(const Json& value) {
  static const std::vector<std::string> kNames{"unreserved", "base64url", "any"};
  const std::string name = value.is_string() ? value.get<std::string>() : oidc::to_text(value);
  return std::ranges::find(kNames, name) != kNames.end()
             ? ""
             : "unknown charset \"" + name + "\" (expected one of: unreserved, base64url, any" +
                   oidc::did_you_mean(name, kNames) + ")";
}

/// A member of this name makes a matcher: alone and with a text, or with its like.
struct Form {
  const char* name;
  bool alone;
  Complaint complaint;
};
constexpr Form kForms[] = {{"re", true, about_pattern},         {"same_as", true, about_field},
                           {"differs_from", true, about_field}, {"min_length", false, about_length},
                           {"max_length", false, about_length}, {"charset", false, about_charset}};

const Form* form_of(const std::string& name) {
  const auto* found = std::ranges::find_if(kForms, [&](const Form& form) { return name == form.name; });
  return found == std::end(kForms) ? nullptr : found;
}

/// True if the object is a matcher and no object of matchers.
bool is_special(const Json& object) {
  return !object.empty() && std::ranges::all_of(object.items(), [&](const auto& item) {
    const Form* form = form_of(item.key());
    return form != nullptr && (!form->alone || (object.size() == 1 && item.value().is_string()));
  });
}

void collect(const Json& json, const std::string& pointer, std::vector<MeaningProblem>& problems) {
  if (!json.is_object()) {
    return;
  }
  const bool special = is_special(json);
  for (const auto& [name, value] : json.items()) {
    const std::string here = pointer_to(pointer, name);
    if (!special) {
      collect(value, here, problems);
    } else if (std::string complaint = form_of(name)->complaint(value); !complaint.empty()) {
      problems.push_back({here, std::move(complaint)});
    }
  }
}

}  // namespace

std::vector<MeaningProblem> matcher_problems(const Json& matchers, const std::string& pointer) {
  std::vector<MeaningProblem> problems;
  if (matchers.is_object()) {
    for (const auto& [name, matcher] : matchers.items()) {
      collect(matcher, pointer_to(pointer, name), problems);
    }
  }
  return problems;
}

}  // namespace scenarios
