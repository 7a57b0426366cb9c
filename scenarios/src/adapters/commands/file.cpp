#include "adapters/commands/file.hpp"

#include <algorithm>
#include <cmath>
#include <regex>

#include "adapters/pipe_protocol.hpp"
#include "embedded.hpp"
#include "oidc/schema.hpp"
#include "pattern.hpp"
#include "scenarios/document.hpp"
#include "scenarios/words.hpp"

namespace scenarios::commands {
namespace {

using oidc::Json;

const oidc::Schema& schema() {
  static const oidc::Schema kSchema{oidc::parse_json(assay::embedded::commands_schema_json_text).value()};
  return kSchema;
}

/// Builds the values of a file that passed the schema, and collects what else is wrong with it.
class Builder {
 public:
  explicit Builder(const Document& document) : document_{document} {}

  Client build() {
    Client client;
    const Json& file = document_.value;
    client.hello = hello(file);
    if (file.contains("timeout")) {
      client.timeout = std::chrono::milliseconds{std::llround(file["timeout"].get<double>() * 1000)};
    }
    const Json environment = file.value("environment", Json::object());
    for (const auto& [name, value] : environment.items()) {
      client.environment[name] = text(value.get<std::string>(), pointer_to("/environment", name));
    }
    if (file.contains("service")) {
      client.service = Service{words(file["service"]["run"], "/service/run"), extracts(file["service"], "/service")};
    }
    const Json start = file.value("start", Json::array());
    for (std::size_t i = 0; i < start.size(); ++i) {
      client.start.push_back(words(start[i], pointer_to("/start", i)));
    }
    for (const auto& [name, json] : file["operations"].items()) {
      client.operations[name] = operation(json, pointer_to("/operations", name));
      client.hello.ops.insert(name);
    }
    const Json errors = file.value("errors", Json::array());
    for (std::size_t i = 0; i < errors.size(); ++i) {
      client.failures.push_back(failure(errors[i], pointer_to("/errors", i)));
    }
    return client;
  }

  std::vector<Problem> problems() { return std::move(problems_); }

 private:
  void complain(const std::string& pointer, std::string sentence) {
    problems_.push_back({document_.place_of(pointer), std::move(sentence)});
  }

  /// What the file says of the client is what a program would say in its hello.
  Hello hello(const Json& file) {
    Json said = {{"protocol", pipe::kProtocol},
                 {"sut", {{"name", file["name"]}, {"version", file.value("version", "")}, {"language", "commands"}}}};
    for (const char* name : {"time", "flows", "auth_methods", "capabilities", "books", "policy"}) {
      if (file.contains(name)) {
        said[name] = file[name];
      }
    }
    auto parsed = pipe::parse_hello(said);
    if (!parsed) {
      const std::string message = parsed.error().message;
      complain(file.contains("policy") ? "/policy" : "", message.substr(message.find(": ") + 2));
      return {};
    }
    return *std::move(parsed);
  }

  std::vector<std::string> words(const Json& json, const std::string& pointer) {
    auto split =
        json.is_array() ? oidc::Result{json.get<std::vector<std::string>>()} : split_words(json.get<std::string>());
    if (!split) {
      complain(pointer, split.error().message);
      return {};
    }
    for (const std::string& word : *split) {
      text(word, pointer);
    }
    return *std::move(split);
  }

  /// Braces may mean something to the program, so that only what is nearly one of ours can be a slip.
  std::string text(const std::string& written, const std::string& pointer) {
    static const std::regex kName{R"(\{(\w+)\})"};
    static const std::vector<std::string> kKnown = names_of(values_for({}, Json::object(), 0));
    for (std::sregex_iterator found{written.begin(), written.end(), kName}, end; found != end; ++found) {
      const std::string name = (*found)[1];
      const bool is_known = std::ranges::find(kKnown, name) != kKnown.end();
      if (const std::string nearest = oidc::nearest_name(name, kKnown); !is_known && !nearest.empty()) {
        complain(pointer, "no placeholder is called \"{" + name + "}\" (did you mean \"{" + nearest + "}\"?)");
      }
    }
    return written;
  }

  static std::vector<std::string> names_of(const Values& values) {
    std::vector<std::string> names;
    for (const auto& [name, value] : values) {
      names.push_back(name);
    }
    return names;
  }

  std::string pattern(const std::string& text, const std::string& pointer) {
    try {
      make_pattern(text);
    } catch (const std::regex_error& error) {
      complain(pointer, "not a regular expression: " + std::string{error.what()});
    }
    return text;
  }

  Operation operation(const Json& json, const std::string& pointer) {
    Operation result;
    result.words = words(json["run"], pointer + "/run");
    result.input = text(json.value("input", ""), pointer + "/input");
    result.opens = json.contains("opens") ? pattern(json["opens"].get<std::string>(), pointer + "/opens") : "";
    result.gives = extracts(json, pointer);
    return result;
  }

  std::map<std::string, Extract> extracts(const Json& json, const std::string& pointer) {
    std::map<std::string, Extract> result;
    const Json gives = json.value("gives", Json::object());
    for (const auto& [name, where] : gives.items()) {
      result[name] = extract(where, pointer_to(pointer + "/gives", name));
    }
    return result;
  }

  Extract extract(const Json& json, const std::string& pointer) {
    if (json.contains("re")) {
      return {Extract::How::kPattern, pattern(json["re"].get<std::string>(), pointer + "/re"), {}};
    }
    if (json.contains("json")) {
      const auto pointer_text = json["json"].get<std::string>();
      if (!pointer_text.empty() && !pointer_text.starts_with('/')) {
        complain(pointer + "/json", "a JSON Pointer begins with \"/\"");
      }
      return {Extract::How::kPointer, pointer_text, {}};
    }
    return json.contains("value") ? Extract{Extract::How::kValue, "", json["value"]} : Extract{};
  }

  Failure failure(const Json& json, const std::string& pointer) {
    Failure result;
    if (json.contains("exit")) {
      result.exit = json["exit"].get<int>();
    }
    result.output = json.contains("output") ? pattern(json["output"].get<std::string>(), pointer + "/output") : "";
    auto err = pipe::parse_err(json["err"]);
    if (!err) {
      complain(pointer + "/err", err.error().message);
    } else {
      result.err = *std::move(err);
    }
    return result;
  }

  const Document& document_;
  std::vector<Problem> problems_;
};

}  // namespace

oidc::Result<Client> load(const std::string& file) {
  auto document = read_document(file);
  if (!document) {
    return std::move(document).error();
  }
  std::vector<Problem> problems = document->problems;
  for (const auto& problem : schema().check(document->value)) {
    const bool about_key = problem.message.starts_with("unknown key");
    problems.push_back({about_key ? document->key_place_of(problem.pointer) : document->place_of(problem.pointer),
                        to_sentence(problem)});
  }
  Client client;
  if (problems.empty()) {
    Builder builder{*document};
    client = builder.build();
    problems = builder.problems();
  }
  if (!problems.empty()) {
    return oidc::Error{oidc::Errc::kBadInput, to_lines(std::move(problems), file)};
  }
  return client;
}

Values values_for(const ClientSetup& setup, const Json& args, int port) {
  std::string scopes;
  for (const std::string& scope : setup.scopes) {
    scopes += (scopes.empty() ? "" : " ") + scope;
  }
  return {{"issuer", setup.issuer},
          {"client_id", setup.client_id},
          {"client_secret", setup.client_secret},
          {"scopes", scopes},
          {"audience", setup.audience},
          {"redirect_uri", setup.redirect_uri},
          {"port", std::to_string(port)},
          {"storage_dir", setup.storage_dir},
          {"ca_file", setup.ca_file},
          {"username", setup.username},
          {"password", setup.password},
          {"url", oidc::string_member(args, "url").value_or("")},
          {"token", oidc::string_member(args, "token").value_or("")}};
}

std::string filled(const std::string& text, const Values& values) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text[at] == '{' ? text.find('}', at) : std::string::npos;
    const auto value = end == std::string::npos ? values.end() : values.find(text.substr(at + 1, end - at - 1));
    if (value != values.end()) {
      result += value->second;  // its own braces are left alone
      at = end + 1;
    } else {
      result += text[at++];
    }
  }
  return result;
}

}  // namespace scenarios::commands

namespace scenarios {

bool is_commands_file(const std::string& command) {
  return command.find_first_of(" \t") == std::string::npos &&
         (command.ends_with(".yaml") || command.ends_with(".yml") || command.ends_with(".json"));
}

}  // namespace scenarios
