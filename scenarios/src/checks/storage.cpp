#include <algorithm>

#include "checks/check.hpp"
#include "checks/matchers.hpp"
#include "loader/values.hpp"
#include "runner/storage.hpp"

namespace scenarios {
namespace {

using oidc::Json;

/// One thing said of the files: how it reads, and what contradicts it ("" if nothing).
struct StorageFinding {
  std::string expected;
  std::string contradiction;
  bool reached = true;
};

class StorageJudge {
 public:
  StorageJudge(const Json& body, const Evidence& evidence)
      : body_{body}, evidence_{evidence}, files_{without_empty(evidence.storage_after)} {}

  std::vector<StorageFinding> run() {
    for (const char* side : {"contains", "absent"}) {
      for (const Json& name : body_.contains(side) ? body_[side] : Json::array()) {
        findings_.push_back(judge_text(name.get<std::string>(), side[0] == 'c'));
      }
    }
    judge_modes();
    if (body_.contains("exists")) {
      const bool wanted = body_["exists"].get<bool>();
      findings_.push_back({wanted ? "something is stored" : "nothing is stored",
                           wanted == !files_.empty() ? "" : (files_.empty() ? "no file" : list())});
    }
    if (body_.contains("parses")) {
      judge_parses();
    }
    if (body_.contains("unchanged")) {
      judge_unchanged();
    }
    if (body_.contains("json")) {
      judge_json();
    }
    return std::move(findings_);
  }

 private:
  std::string redact(const std::string& text) const { return evidence_.ledger->redact(text); }

  std::string list() const {
    std::string text;
    for (const auto& [name, file] : evidence_.storage_after) {
      if (name != "./") {
        text += (text.empty() ? "" : ", ") + redact(name) + " (" + file.mode + ")";
      }
    }
    return text.empty() ? "no file" : text;
  }

  /// Which of the issuer's tokens the files hold: what a reader wants to know.
  std::string held() const {
    std::string text;
    for (const auto& entry : evidence_.ledger->entries()) {
      if (holder_of(entry.value) != nullptr) {
        text += (text.empty() ? "" : ", ") + entry.name;
      }
    }
    return (text.empty() ? "no token" : text) + " in " + list();
  }

  const std::string* holder_of(const std::string& value) const {
    for (const auto& [name, file] : files_) {
      if (file.text.find(value) != std::string::npos) {
        return &name;
      }
    }
    return nullptr;
  }

  StorageFinding judge_text(const std::string& name, bool wanted) const {
    StorageFinding finding{name + (wanted ? " is stored" : " is not stored"), ""};
    const bool is_token = is_lineage_name(name);
    const auto value = is_token ? evidence_.ledger->value_of(name) : std::optional{name};
    if (!value) {
      finding.contradiction = name + " was never issued; " + held();
      finding.reached = wanted;
    } else if ((holder_of(*value) != nullptr) != wanted) {
      finding.contradiction = held();
    }
    return finding;
  }

  void judge_modes() {
    for (const char* member : {"mode", "dir_mode"}) {
      const auto wanted = oidc::string_member(body_, member);
      if (!wanted) {
        continue;
      }
      const bool directories = member[0] == 'd';
      std::size_t seen = 0;
      std::string other;
      for (const auto& [name, file] : evidence_.storage_after) {
        if (name.ends_with('/') == directories) {
          ++seen;
          if (file.mode != *wanted && other.empty()) {
            other = redact(name) + " has mode " + file.mode;
          }
        }
      }
      findings_.push_back({std::string{directories ? "directories" : "files"} + " have mode " + *wanted,
                           seen == 0 ? "no file" : other});
    }
  }

  void judge_parses() {
    StorageFinding finding{"what is stored is a JSON object", files_.empty() ? "no file" : ""};
    for (const auto& [name, file] : files_) {
      const auto json = oidc::parse_json(file.text);
      if (!json || !json->is_object()) {
        finding.contradiction = redact(name) + " holds something else (" + std::to_string(file.text.size()) + " bytes)";
      }
    }
    findings_.push_back(std::move(finding));
  }

  void judge_unchanged() {
    const StorageSnapshot before = without_empty(evidence_.storage_before);
    StorageFinding finding{"storage is unchanged", ""};
    for (const auto& [name, file] : before) {
      const auto now = files_.find(name);
      if (now == files_.end()) {
        finding.contradiction = redact(name) + " is gone";
      } else if (now->second.text != file.text) {
        finding.contradiction = redact(name) + " was rewritten; " + held();
      } else if (now->second.mode != file.mode) {
        finding.contradiction = redact(name) + " has mode " + now->second.mode + ", had " + file.mode;
      }
    }
    for (const auto& [name, file] : files_) {
      if (!before.contains(name)) {
        finding.contradiction = redact(name) + " is new";
      }
    }
    findings_.push_back(std::move(finding));
  }

  void judge_json() {
    const MatchContext context{evidence_.exchanges};
    StorageFinding finding{"stored object with " + describe(body_["json"]), "no file"};
    for (const auto& [name, file] : files_) {
      const auto json = oidc::parse_json(redact(file.text));
      if (json && matches(body_["json"], &*json, context)) {
        finding.contradiction.clear();
        break;
      }
      finding.contradiction = redact(name) + ": " + (json ? oidc::to_text(*json) : "not JSON");
    }
    findings_.push_back(std::move(finding));
  }

  const Json& body_;
  const Evidence& evidence_;
  StorageSnapshot files_;
  std::vector<StorageFinding> findings_;
};

}  // namespace

Judgement judge_storage(const Json& body, const Evidence& evidence) {
  Judgement judgement{Verdict::kPass, "", ""};
  for (const StorageFinding& finding : StorageJudge{body, evidence}.run()) {
    if (!finding.contradiction.empty()) {
      return {finding.reached ? Verdict::kFail : Verdict::kNotReached, finding.expected, finding.contradiction};
    }
    judgement.expected += (judgement.expected.empty() ? "" : ", ") + finding.expected;
  }
  judgement.observed = "so it is";
  return judgement;
}

}  // namespace scenarios
