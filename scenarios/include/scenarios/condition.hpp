#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mockserver/journal.hpp"
#include "scenarios/adapter.hpp"

namespace scenarios {

/// What a condition is looked up in: what the client says of itself, and what it was seen doing.
struct ClientFacts {
  const Hello& hello;
  const std::vector<mockserver::Exchange>& exchanges;
};

/// A condition of a statement's `if`, or of a check's `needs.policy`: one that this program can witness.
struct Condition {
  std::string_view name;   ///< "sent_nonce"
  std::string_view words;  ///< "it sent a nonce"
  bool declared;           ///< read in hello alone, before anything was sent
  bool (*holds)(const ClientFacts& facts);
};

/// All of them, in the order of the documents.
const std::vector<Condition>& conditions();
/// Null if there is none of that name.
const Condition* find_condition(std::string_view name);
std::vector<std::string> condition_names();

}  // namespace scenarios
