#pragma once

#include <string_view>

#include "mockserver/delivery.hpp"

namespace mockserver {

/// A fault by its name in steps and control calls; `kNone` for any other name.
constexpr TlsFault read_tls_fault(std::string_view name) {
  struct Named {
    std::string_view name;
    TlsFault fault;
  };
  constexpr Named kAll[] = {{"abort", TlsFault::kAbort},
                            {"expired", TlsFault::kExpired},
                            {"wrong_name", TlsFault::kWrongName},
                            {"untrusted", TlsFault::kUntrusted},
                            {"swap", TlsFault::kSwap}};
  for (const Named& named : kAll) {
    if (named.name == name) {
      return named.fault;
    }
  }
  return TlsFault::kNone;
}

}  // namespace mockserver
