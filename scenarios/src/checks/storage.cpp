#include <algorithm>
#include <filesystem>

#include "checks/check.hpp"
#include "checks/matchers.hpp"
#include "loader/values.hpp"
#include "runner/storage.hpp"

namespace scenarios {
namespace {

using oidc::Json;

class StorageJudge {
 public:
  StorageJudge(const Json& body, const Evidence& evidence)
      : body_{body}, evidence_{evidence}, files_{without_empty(evidence.storage_after)} {}

  std::vector<Finding> run() {
    for (const char* side : {"contains", "absent"}) {
      for (const Json& name : body_.contains(side) ? body_[side] : Json::array()) {
        findings_.push_back(judge_text(name.get<std::string>(), side[0] == 'c'));
      }
    }
    judge_modes();
    if (body_.contains("private")) {
      judge_private();
    }
    if (body_.contains("exists")) {
      const bool wanted = body_["exists"].get<bool>();
      findings_.push_back({wanted ? "something is stored" : "nothing is stored",
                           wanted == !files_.empty() ? Answer::kKept : Answer::kBroken, list()});
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

  Finding judge_text(const std::string& name, bool wanted) const {
    const std::string expected = name + (wanted ? " is stored" : " is not stored");
    const auto value = is_lineage_name(name) ? evidence_.ledger->value_of(name) : std::optional{name};
    if (!value) {
      return {expected, Answer::kNoEvidence, name + " was never issued; " + held()};
    }
    const bool is_held = holder_of(*value) != nullptr;
    if (wanted && !is_held && is_lineage_name(name) && !is_readable()) {
      return {expected, Answer::kNoEvidence, "no token of this run can be read in " + list() + ": it may be encoded"};
    }
    const Finding finding{expected, is_held == wanted ? Answer::kKept : Answer::kBroken, held()};
    return is_held ? finding : as_far_as_read(finding, finding.answer);
  }

  /// What was found by looking at everything is no evidence where not everything was looked at.
  Finding as_far_as_read(Finding finding, Answer answer) const {
    const auto unread =
        std::ranges::find_if(evidence_.storage_after, [this](const auto& one) { return is_unread(one); });
    if (finding.answer != answer || unread == evidence_.storage_after.end()) {
      return finding;
    }
    const auto& [name, file] = *unread;
    return {finding.expected, Answer::kNoEvidence,
            redact(name) + (is_link(file) ? " is a link, which is not followed" : " was " + redact(file.text))};
  }

  static bool is_link(const StoredFile& file) { return file.mode == "link"; }

  /// A link to what stands in the directory was read there.
  bool is_unread(const StorageSnapshot::value_type& entry) const {
    constexpr std::string_view kArrow = "-> ";
    const auto& [name, file] = entry;
    if (!is_link(file)) {
      return !file.is_read;
    }
    const auto target = std::filesystem::path{name}.parent_path() / file.text.substr(kArrow.size());
    return !evidence_.storage_after.contains(target.lexically_normal().generic_string());
  }

  /// True if some file shows, or showed at the beginning, a token as it is.
  bool is_readable() const {
    return std::ranges::any_of(evidence_.storage_after,
                               [this](const auto& entry) { return holds_token(entry.second); }) ||
           std::ranges::any_of(evidence_.storage_before,
                               [this](const auto& entry) { return holds_token(entry.second); });
  }

  bool holds_token(const StoredFile& file) const {
    return std::ranges::any_of(evidence_.ledger->entries(),
                               [&](const auto& entry) { return file.text.find(entry.value) != std::string::npos; });
  }

  void judge_modes() {
    for (const char* member : {"mode", "dir_mode"}) {
      const auto wanted = oidc::string_member(body_, member);
      if (!wanted) {
        continue;
      }
      const bool directories = member[0] == 'd';
      Finding finding{std::string{directories ? "directories" : "files"} + " have mode " + *wanted, Answer::kNoEvidence,
                      "no file"};
      for (const auto& [name, file] : evidence_.storage_after) {
        if (name.ends_with('/') == directories && !is_link(file) && finding.answer != Answer::kBroken) {
          finding.answer = file.mode == *wanted ? Answer::kKept : Answer::kBroken;
          finding.observed = redact(name) + " has mode " + file.mode;
        }
      }
      findings_.push_back(std::move(finding));
    }
  }

  /// Private is a file with tokens that nobody else can open, by its own mode or by that of a folder which the client
  /// made.
  void judge_private() {
    Finding finding{"nobody else can read what is stored", Answer::kNoEvidence, "no file with a token in plain text"};
    for (const auto& [name, file] : files_) {
      if (!holds_token(file) || finding.answer == Answer::kBroken) {
        continue;
      }
      const bool closed = is_closed(file.mode) || std::ranges::any_of(evidence_.storage_after, [&](const auto& entry) {
                            return entry.first.ends_with('/') && entry.first != "./" && name.starts_with(entry.first) &&
                                   is_closed(entry.second.mode);
                          });
      finding.answer = closed ? Answer::kKept : Answer::kBroken;
      finding.observed = redact(name) + " has mode " + file.mode;
    }
    findings_.push_back(as_far_as_read(std::move(finding), Answer::kKept));
  }

  static bool is_closed(const std::string& mode) { return mode.ends_with("00"); }

  void judge_parses() {
    Finding finding{"what is stored is a JSON object", files_.empty() ? Answer::kNoEvidence : Answer::kKept, "no file"};
    for (const auto& [name, file] : files_) {
      const auto json = oidc::parse_json(file.text);
      if (file.is_read && !is_link(file) && (!json || !json->is_object())) {
        finding.answer = Answer::kBroken;
        finding.observed = redact(name) + " holds something else (" + std::to_string(file.text.size()) + " bytes)";
      }
    }
    findings_.push_back(as_far_as_read(std::move(finding), Answer::kKept));
  }

  void judge_unchanged() {
    const StorageSnapshot before = without_empty(evidence_.storage_before);
    Finding finding{"storage is unchanged"};
    const auto broken = [&](std::string how) {
      finding.answer = Answer::kBroken;
      finding.observed = std::move(how);
    };
    bool is_gone = false;
    for (const auto& [name, file] : before) {
      const auto now = files_.find(name);
      if (now == files_.end()) {
        is_gone = true;
        broken(redact(name) + " is gone");
      } else if (!file.is_read || !now->second.is_read) {
        continue;  // what is told of it below is all that is known
      } else if (now->second.text != file.text) {
        broken(redact(name) + " was rewritten; " + held());
      } else if (now->second.mode != file.mode) {
        broken(redact(name) + " has mode " + now->second.mode + ", had " + file.mode);
      }
    }
    for (const auto& [name, file] : files_) {
      if (!before.contains(name)) {
        broken(redact(name) + " is new");
      }
    }
    // What is gone may stand among what was not read.
    const Answer unsure = is_gone ? Answer::kBroken : Answer::kKept;
    findings_.push_back(as_far_as_read(std::move(finding), unsure));
  }

  void judge_json() {
    const MatchContext context{evidence_.exchanges, 0, evidence_.reveal};
    Finding finding{"stored object with " + describe(body_["json"]), Answer::kNoEvidence, "no file"};
    for (const auto& [name, file] : files_) {
      const auto json = oidc::parse_json(redact(file.text));
      if (json && matches(body_["json"], &*json, context)) {
        finding.answer = Answer::kKept;
        break;
      }
      finding.answer = Answer::kBroken;
      finding.observed = redact(name) + ": " + (json ? oidc::to_text(*json) : "not JSON");
    }
    findings_.push_back(as_far_as_read(std::move(finding), Answer::kBroken));
  }

  const Json& body_;
  const Evidence& evidence_;
  StorageSnapshot files_;
  std::vector<Finding> findings_;
};

}  // namespace

Judgement judge_storage(const Json& body, const Evidence& evidence) {
  return sum_up(StorageJudge{body, evidence}.run(), "", "so it is");
}

}  // namespace scenarios
