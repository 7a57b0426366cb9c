#include "results/record.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace conformance {
namespace {

using oidc::Json;

const Json kNothing;

bool is_text(const Json& value) {
  return value.is_string();
}
bool is_count(const Json& value) {
  return value.is_number_unsigned();
}
bool is_number(const Json& value) {
  return value.is_number();
}
bool is_flag(const Json& value) {
  return value.is_boolean();
}
bool are_texts(const Json& value) {
  return value.is_array() && std::ranges::all_of(value, is_text);
}
bool are_counts(const Json& value) {
  return value.is_array() && std::ranges::all_of(value, is_count);
}
bool are_pairs(const Json& value) {
  return value.is_array() &&
         std::ranges::all_of(value, [](const Json& pair) { return are_texts(pair) && pair.size() == 2; });
}
bool are_records(const Json& value) {
  return value.is_array() && std::ranges::all_of(value, [](const Json& one) { return one.is_object(); });
}
bool has_records(const Json& value) {
  return value.is_object() && std::ranges::all_of(value, [](const Json& one) { return one.is_object(); });
}

}  // namespace

Record::Record(const Json& value, std::string& problem) : value_{&value}, problem_{&problem} {}

void Record::complain(std::string sentence) const {
  if (problem_->empty()) {
    *problem_ = std::move(sentence);
  }
}

const Json& Record::get(const char* name, bool (*fits)(const Json&), const char* what) const {
  const auto member = value_->find(name);
  if (member == value_->end()) {
    complain(fmt::format("expected \"{}\"", name));
    return kNothing;
  }
  if (!fits(*member)) {
    complain(fmt::format("expected \"{}\" to be {}", name, what));
    return kNothing;
  }
  return *member;
}

bool Record::has(const char* name) const {
  return value_->contains(name);
}

std::string Record::text(const char* name) const {
  const Json& value = get(name, is_text, "a text");
  return value.is_null() ? "" : value.get<std::string>();
}

std::size_t Record::count(const char* name) const {
  const Json& value = get(name, is_count, "a count");
  return value.is_null() ? 0 : value.get<std::size_t>();
}

double Record::number(const char* name) const {
  const Json& value = get(name, is_number, "a number");
  return value.is_null() ? 0 : value.get<double>();
}

bool Record::flag(const char* name) const {
  const Json& value = get(name, is_flag, "true or false");
  return !value.is_null() && value.get<bool>();
}

std::vector<std::string> Record::texts(const char* name) const {
  const Json& value = get(name, are_texts, "a list of texts");
  return value.is_null() ? std::vector<std::string>{} : value.get<std::vector<std::string>>();
}

std::vector<std::size_t> Record::counts(const char* name) const {
  const Json& value = get(name, are_counts, "a list of counts");
  return value.is_null() ? std::vector<std::size_t>{} : value.get<std::vector<std::size_t>>();
}

std::vector<std::pair<std::string, std::string>> Record::pairs(const char* name) const {
  std::vector<std::pair<std::string, std::string>> list;
  for (const Json& pair : get(name, are_pairs, "a list of names with values")) {
    list.emplace_back(pair[0].get<std::string>(), pair[1].get<std::string>());
  }
  return list;
}

std::vector<Record> Record::records(const char* name) const {
  std::vector<Record> list;
  for (const Json& one : get(name, are_records, "a list of objects")) {
    list.emplace_back(one, *problem_);
  }
  return list;
}

std::vector<std::pair<std::string, Record>> Record::members(const char* name) const {
  std::vector<std::pair<std::string, Record>> list;
  for (const auto& [key, one] : get(name, has_records, "an object of objects").items()) {
    list.emplace_back(key, Record{one, *problem_});
  }
  return list;
}

}  // namespace conformance
