#include "report_files.hpp"

namespace cli {

void add_report_files(CLI::App& command, ReportFiles& files) {
  command.add_option("--html", files.html, "Write one self-contained page to FILE; default: none")->type_name("FILE");
  command.add_option("--junit", files.junit, "Write JUnit XML to FILE; default: none")->type_name("FILE");
  command.add_option("--jsonl", files.jsonl, "Write JSON Lines to FILE; default: none")->type_name("FILE");
}

oidc::Status write_report_files(const conformance::Report& report, const ReportFiles& files) {
  struct View {
    const std::string& path;
    std::string (*render)(const conformance::Report&);
  };
  const View views[] = {{files.html, conformance::to_html},
                        {files.junit, conformance::to_junit},
                        {files.jsonl, conformance::to_json_lines}};
  for (const auto& view : views) {
    if (view.path.empty()) {
      continue;
    }
    if (auto written = conformance::write_report(view.path, view.render(report)); !written) {
      return written;
    }
  }
  return oidc::Done{};
}

}  // namespace cli
