#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "conformance/report.hpp"
#include "oidc/result.hpp"

namespace cli {

/// Where a report's views go; "" for those that nobody wants.
struct ReportFiles {
  std::string html;
  std::string junit;
  std::string jsonl;
};

/// Adds --html, --junit and --jsonl; `files` must outlive the command.
void add_report_files(CLI::App& command, ReportFiles& files);

/// Writes those that are wanted. Errors: `kStorage`.
oidc::Status write_report_files(const conformance::Report& report, const ReportFiles& files);

}  // namespace cli
