#pragma once

#include <kainjow/mustache.hpp>
#include <string>

#include "conformance/report.hpp"

/// The values that the templates of the HTML report are filled with.
namespace conformance::html {

using Data = kainjow::mustache::data;

/// Text for a template. Empty text is false there, so that sections can ask for it.
Data text(const std::string& value);

std::string scenario_anchor(const std::string& id);
std::string statement_anchor(const std::string& id);

/// For scenario.mustache.
Data scenario_data(const Report& report, const scenarios::Outcome& outcome);
/// For report.mustache, without "scenarios" and "css".
Data page_data(const Report& report);

}  // namespace conformance::html
