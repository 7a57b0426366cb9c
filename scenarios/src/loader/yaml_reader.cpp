#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <regex>
#include <sstream>

#include "loader/plain_scalar.hpp"
#include "loader/yaml_hint.hpp"
#include "scenarios/document.hpp"

namespace scenarios {
namespace {

using oidc::Json;

constexpr std::string_view kRepeated = " is repeated";

/// Builds the value from yaml-cpp's events: its nodes would drop duplicate keys and quotes.
class Builder final : public YAML::EventHandler {
 public:
  explicit Builder(const std::string& text) : text_{text} {}

  static Place at(const YAML::Mark& mark) {
    return {static_cast<std::size_t>(std::max(mark.line, 0)) + 1,
            static_cast<std::size_t>(std::max(mark.column, 0)) + 1};
  }

  Document take() { return std::move(document_); }
  void report(Place place, std::string sentence) { document_.problems.push_back({place, std::move(sentence)}); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ == 2) {
      report(at(mark), "a second document begins here; a file holds one");
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    refuse_properties(mark);
    if (source_at(mark).substr(0, 4) != "null") {
      report(at(mark), "there is no value here: write it, or null, or \"\" (and \"~\" in quotes)");
    }
    put(mark, nullptr);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    report(at(mark), "aliases (*name) are not allowed: repeat the value");
    put(mark, nullptr);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                const std::string& value) override {
    refuse_properties(mark);
    refuse_open_quote(mark);
    if (expects_key()) {
      return put_key(mark, tag == "?", value);
    }
    if (tag != "?") {
      return put(mark, value);
    }
    PlainScalar scalar = resolve_plain(value);
    if (!scalar.problem.empty()) {
      report(at(mark), scalar.problem);
    }
    put(mark, std::move(scalar.value));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                       YAML::EmitterStyle::value /*style*/) override {
    refuse_properties(mark);
    open(mark, Json::array());
  }
  void OnSequenceEnd() override { open_.pop_back(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                  YAML::EmitterStyle::value /*style*/) override {
    refuse_properties(mark);
    open(mark, Json::object());
  }
  void OnMapEnd() override { open_.pop_back(); }

 private:
  struct Level {
    Json* value;
    std::string pointer;
    std::string key;  // of the member whose value comes next
    bool has_key = false;
    bool repeated = false;  // … and whose key was seen before: its value is dropped
  };

  std::string_view source_at(const YAML::Mark& mark) const {
    const auto position = static_cast<std::size_t>(std::max(mark.pos, 0));
    return position < text_.size() ? std::string_view{text_}.substr(position) : std::string_view{};
  }

  /// yaml-cpp resolves tags before it tells; the source shows that there was one.
  void refuse_properties(const YAML::Mark& mark) {
    const std::string_view source = source_at(mark);
    if (source.starts_with('!')) {
      report(at(mark), "tags (!name) are not allowed: values have the type they look like");
    } else if (source.starts_with('&')) {
      report(at(mark), "anchors (&name) are not allowed: repeat the value");
    }
  }

  /// yaml-cpp takes a last line without its closing quote, with all that follows the opening one.
  void refuse_open_quote(const YAML::Mark& mark) const {
    const std::string_view source = source_at(mark);
    const char quote = source.empty() ? '\0' : source.front();
    if (quote != '"' && quote != '\'') {
      return;
    }
    for (std::size_t i = 1; i < source.size(); ++i) {
      if (source[i] == quote) {
        return;
      }
      i += quote == '"' && source[i] == '\\' ? 1U : 0U;
    }
    throw YAML::ParserException{mark, "this text has no closing quote"};
  }

  bool expects_key() const { return !open_.empty() && open_.back().value->is_object() && !open_.back().has_key; }

  /// Ends the reading: what follows could not be told apart from keys.
  void refuse_as_key(const YAML::Mark& mark) const {
    if (expects_key()) {
      throw YAML::ParserException{mark, "a key must be text"};
    }
  }

  void put_key(const YAML::Mark& mark, bool plain, const std::string& key) {
    Level& level = open_.back();
    if (plain && key == "<<") {
      report(at(mark), "merge keys (<<) are not allowed: repeat the members");
    } else if (plain) {
      const PlainScalar scalar = resolve_plain(key);
      if (!scalar.problem.empty()) {
        report(at(mark), scalar.problem);
      }
    }
    const std::string pointer = pointer_to(level.pointer, key);
    level.key = key;
    level.has_key = true;
    level.repeated = level.value->contains(key);
    if (level.repeated) {
      report(at(mark),
             "key \"" + key + "\" of line " + std::to_string(document_.keys[pointer].line) + std::string{kRepeated});
    } else {
      document_.keys[pointer] = at(mark);
    }
  }

  /// Where the next value goes; its pointer is recorded.
  Json* place(const YAML::Mark& mark, Json value, std::string& pointer) {
    if (open_.empty()) {
      document_.values[""] = at(mark);
      document_.value = std::move(value);
      return &document_.value;
    }
    Level& level = open_.back();
    if (level.value->is_array()) {
      pointer = pointer_to(level.pointer, level.value->size());
      document_.values[pointer] = at(mark);
      level.value->push_back(std::move(value));
      return &level.value->back();
    }
    level.has_key = false;
    pointer = pointer_to(level.pointer, level.key);
    if (level.repeated) {
      dropped_.push_back(std::make_unique<Json>(std::move(value)));
      return dropped_.back().get();
    }
    document_.values[pointer] = at(mark);
    Json& slot = (*level.value)[level.key];
    slot = std::move(value);
    return &slot;
  }

  void put(const YAML::Mark& mark, Json value) {
    if (documents_ > 1) {
      return;
    }
    refuse_as_key(mark);
    std::string pointer;
    place(mark, std::move(value), pointer);
  }

  void open(const YAML::Mark& mark, Json empty) {
    refuse_as_key(mark);
    if (documents_ > 1) {
      dropped_.push_back(std::make_unique<Json>(std::move(empty)));
      open_.push_back({dropped_.back().get(), "", "", false, false});
      return;
    }
    std::string pointer;
    Json* slot = place(mark, std::move(empty), pointer);
    open_.push_back({slot, pointer, "", false, false});
  }

  const std::string& text_;
  Document document_;
  std::size_t documents_ = 0;
  std::vector<Level> open_;
  std::vector<std::unique_ptr<Json>> dropped_;
};

/// The offset that `oidc::parse_json` names at the end of its message.
std::optional<std::size_t> byte_in(const std::string& message) {
  static const std::regex kOffset{"byte ([0-9]{1,18})"};
  std::smatch match;
  if (!std::regex_search(message, match, kOffset)) {
    return std::nullopt;
  }
  return std::stoull(match[1]);
}

Place place_of_byte(const std::string& text, std::size_t byte) {
  const std::string_view before = std::string_view{text}.substr(0, byte == 0 ? 0 : byte - 1);
  const auto line_start = before.rfind('\n');
  return {static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1,
          before.size() - (line_start == std::string_view::npos ? 0 : line_start + 1) + 1};
}

}  // namespace

Document read_yaml(const std::string& text) {
  Builder builder{text};
  try {
    std::istringstream stream{text};
    YAML::Parser parser{stream};
    std::size_t documents = 0;
    while (documents < 2 && parser.HandleNextDocument(builder)) {
      ++documents;
    }
    if (documents == 0) {
      builder.report({}, "the file is empty");
    }
  } catch (const YAML::Exception& error) {
    // What was read before it is not what was meant.
    Document document;
    const Place place = error.mark.is_null() ? Place{} : Builder::at(error.mark);
    document.problems.push_back({place, "not readable as YAML: " + explain_yaml_error(text, place, error.msg)});
    return document;
  }
  return builder.take();
}

Document read_json(const std::string& text) {
  // YAML's flow style is JSON with fewer quotes: its events know where everything stands.
  Document document = read_yaml(text);
  auto value = oidc::parse_json(text);
  if (value) {
    document.value = *std::move(value);
    document.problems.clear();
    return document;
  }
  std::erase_if(document.problems, [](const Problem& problem) { return !problem.sentence.ends_with(kRepeated); });
  if (document.problems.empty()) {
    const auto byte = byte_in(value.error().message);
    document.value = nullptr;
    document.problems.push_back({byte ? place_of_byte(text, *byte) : Place{}, value.error().message});
  }
  return document;
}

}  // namespace scenarios
