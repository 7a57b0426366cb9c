#include "oidc/json.hpp"

#include <vector>

#include "oidc/clean_text.hpp"

namespace oidc {
namespace {

constexpr std::size_t kMaxDepth = 100;
constexpr std::size_t kMaxQuotedName = 64;

/// Builds the value while it refuses what nlohmann's own builder lets through.
class StrictBuilder final : public nlohmann::json_sax<Json> {
 public:
  Json take() { return std::move(root_); }
  const std::string& problem() const { return problem_; }

  bool null() override { return put(nullptr); }
  bool boolean(bool value) override { return put(value); }
  bool number_integer(number_integer_t value) override { return put(value); }
  bool number_unsigned(number_unsigned_t value) override { return put(value); }
  bool number_float(number_float_t value, const string_t& /*text*/) override { return put(value); }
  bool string(string_t& value) override { return put(std::move(value)); }
  bool binary(binary_t& /*value*/) override { return refuse("binary values are not JSON"); }
  bool start_object(std::size_t /*size*/) override { return open(Json::object()); }
  bool start_array(std::size_t /*size*/) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    const auto [member, added] = open_.back()->emplace(name, nullptr);
    if (!added) {
      const Json quoted = name.substr(0, kMaxQuotedName);
      return refuse("the member " + to_text(quoted) + " occurs twice");
    }
    slot_ = &*member;
    return true;
  }

  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& error) override {
    // 406: a number that no double can hold. The exception's own text quotes the input.
    return refuse((error.id == 406 ? "number out of range before byte " : "not JSON at byte ") +
                  std::to_string(position));
  }

 private:
  bool refuse(std::string problem) {
    problem_ = std::move(problem);
    return false;
  }

  Json* place(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    if (open_.back()->is_array()) {
      open_.back()->push_back(std::move(value));
      return &open_.back()->back();
    }
    *slot_ = std::move(value);
    return slot_;
  }

  bool put(Json value) {
    place(std::move(value));
    return true;
  }

  bool open(Json empty) {
    if (open_.size() == kMaxDepth) {
      return refuse("nested deeper than " + std::to_string(kMaxDepth) + " levels");
    }
    open_.push_back(place(std::move(empty)));
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  Json root_;
  std::vector<Json*> open_;  // a parent isn't added to while its child is open, so these stay valid
  Json* slot_ = nullptr;     // where the value of the last key goes
  std::string problem_;
};

}  // namespace

Result<Json> parse_json(std::string_view text) {
  // nlohmann's lexer takes a NUL byte for the end and would ignore what follows.
  if (const auto nul = text.find('\0'); nul != std::string_view::npos) {
    return Error{Errc::kInvalidArgument, "not JSON at byte " + std::to_string(nul + 1)};
  }
  StrictBuilder builder;
  if (!Json::sax_parse(text.begin(), text.end(), &builder)) {
    return Error{Errc::kInvalidArgument, builder.problem()};
  }
  return builder.take();
}

std::string to_text(const Json& value) {
  return clean_json(value.dump(-1, ' ', false, Json::error_handler_t::replace));
}

std::string to_pretty_text(const Json& value) {
  return clean_json(value.dump(2, ' ', true, Json::error_handler_t::replace));
}

std::optional<std::string> string_member(const Json& object, std::string_view name) {
  if (!object.is_object()) {
    return std::nullopt;
  }
  const auto member = object.find(name);
  if (member == object.end() || !member->is_string()) {
    return std::nullopt;
  }
  return member->get<std::string>();
}

}  // namespace oidc
