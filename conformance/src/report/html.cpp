#include "report/html_data.hpp"
#include "report/templates.hpp"

namespace conformance {

std::string to_html(const Report& report) {
  kainjow::mustache::mustache scenario_template{std::string{assay::embedded::scenario_mustache_text}};
  kainjow::mustache::mustache page_template{std::string{assay::embedded::report_mustache_text}};

  kainjow::mustache::list sections;
  for (const scenarios::Outcome& outcome : report.outcomes) {
    sections.push_back(html::Data{"html", scenario_template.render(html::scenario_data(report, outcome))});
  }
  html::Data page = html::page_data(report);
  page.set("css", std::string{assay::embedded::report_css_text});
  page.set("scenarios", sections);
  return page_template.render(page);
}

}  // namespace conformance
