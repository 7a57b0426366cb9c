#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <regex>
#include <string>
#include <vector>

#include "mockserver/journal.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"

namespace mockserver {

/// One field of an exchange that is not what was looked for.
struct Difference {
  std::string field;     ///< "endpoint", "form.scope", "headers.authorization", "reply.error"
  std::string expected;  ///< "openid", "/^at#/", "anything", "absent"
  std::string actual;    ///< "absent" if there is none
};
oidc::Json to_json(const Difference& difference);

/// Which exchanges are meant: the definition `match` of schema/control.schema.json. Values are compared as the
/// journal shows them, so secrets by their lineage names. A value, never changed: safe to share between threads.
class ExchangeMatch {
 public:
  /// `json` has the form that the schema says. Errors: `kBadInput` with the JSON Pointer of a regular expression
  /// that is none.
  static oidc::Result<ExchangeMatch> parse(const oidc::Json& json);

  /// Every exchange.
  ExchangeMatch() = default;

  bool fits(const Exchange& exchange) const;
  /// What keeps the exchange from fitting, in the order of the match; empty if it fits.
  std::vector<Difference> differences(const Exchange& exchange) const;

  /// The endpoint ("" for any), if the match says nothing else.
  std::optional<std::string> only_endpoint() const;

 private:
  struct Wanted {
    enum class Kind { kText, kPattern, kAny, kAbsent };
    std::string field;
    Kind kind = Kind::kText;
    std::string text{};  ///< the value, or the source of the pattern
    std::shared_ptr<const std::regex> pattern{};

    bool holds(const std::vector<std::string>& values) const;
    std::string describe() const;
  };
  static oidc::Result<Wanted> wanted(std::string field, const oidc::Json& matcher, const std::string& pointer);

  std::vector<Wanted> wanted_;
  std::size_t since_ = 0;
};

}  // namespace mockserver
