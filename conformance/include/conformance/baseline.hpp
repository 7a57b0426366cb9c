#pragma once

#include <string>
#include <vector>

#include "conformance/expectations.hpp"
#include "conformance/report.hpp"

namespace conformance {

/// Today's state of a client as a file for `--expect`: each check that fails, is advised against or was not reached as
/// XFAIL, what the client cannot as UNSUPPORTED, with what was seen as comments and `kNoReasonYet` for the reasons.
///
/// A scenario or folder stands for its members where all are alike; `library` has the ids that there are besides those
/// of the report, so that nothing is said of what was not run. Scenarios that broke down are commented on only: nothing
/// was learnt of the client. An entry that stood in `earlier`, itself or by what is around it, keeps its reason.
std::string to_baseline(const Report& report, const std::vector<std::string>& library,
                        const Expectations& earlier = Expectations{{}});

}  // namespace conformance
