#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <variant>

#include "control/problem.hpp"
#include "mockserver/exchange_match.hpp"
#include "mockserver/issuer.hpp"
#include "oidc/form.hpp"

namespace mockserver::control {

/// Which part of the journal a query asks for.
struct Filter {
  ExchangeMatch match;
  std::optional<std::size_t> limit{};  ///< the first so many
};

/// endpoint=token&form.scope=openid&since=4&limit=10. A secret may be given by its value: the journal has its name.
std::variant<Filter, Problem> read_filter(const oidc::Form& query, const Ledger& ledger);

/// `match` with each secret that the issuer knows replaced by its name, as the journal does.
oidc::Json name_secrets(oidc::Json match, const Ledger& ledger);

/// A whole number from 0 to `maximum` in a query; `otherwise` if it is absent.
std::variant<std::size_t, Problem> read_number(const oidc::Form& query, const std::string& name, std::size_t otherwise,
                                               std::size_t maximum);

}  // namespace mockserver::control
