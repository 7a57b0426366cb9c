#pragma once

#include "mockserver/journal.hpp"
#include "results/record.hpp"

namespace conformance {

/// What `mockserver::to_json` wrote.
mockserver::Exchange read_exchange(const Record& record);

}  // namespace conformance
