#include "report/timeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "oidc/clean_text.hpp"
#include "report/text.hpp"

namespace conformance {
namespace {

using scenarios::Outcome;

// The picture's own units.
constexpr int kWidth = 980;
constexpr int kClient = 190;
constexpr int kIssuer = 790;
constexpr int kTop = 46;
constexpr int kStepHeight = 30;
constexpr int kExchangeHeight = 52;
constexpr int kGapHeight = 26;

std::string escape(const std::string& text) {
  std::string escaped;
  for (const char character : text) {
    switch (character) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += character;
    }
  }
  return escaped;
}

/// A step or an exchange, in the order of time.
struct Event {
  oidc::Duration at{};
  const scenarios::StepRecord* step = nullptr;
  const mockserver::Exchange* exchange = nullptr;
};

std::vector<Event> events_of(const Outcome& outcome) {
  std::vector<Event> events;
  auto exchange = outcome.exchanges.begin();
  const auto take_exchanges_before = [&](std::size_t seq) {
    for (; exchange != outcome.exchanges.end() && exchange->seq < seq; ++exchange) {
      events.push_back({exchange->offset, nullptr, &*exchange});
    }
  };
  for (const scenarios::StepRecord& step : outcome.steps) {
    if (step.first_exchange != 0) {
      take_exchanges_before(step.first_exchange);
    }
    events.push_back({step.at, &step, nullptr});
    if (step.last_exchange != 0) {
      take_exchanges_before(step.last_exchange + 1);
    }
  }
  take_exchanges_before(static_cast<std::size_t>(-1));
  return events;
}

class Drawing {
 public:
  void add(const Event& event) {
    if (event.at - last_ >= std::chrono::seconds{1}) {
      gap(event.at - last_);
    }
    last_ = std::max(last_, event.at);
    if (event.step != nullptr) {
      step(*event.step);
    } else {
      exchange(*event.exchange);
    }
  }

  std::string finish(const std::string& title) const {
    const int height = y_ + 16;
    std::string svg = fmt::format(
        "<svg class=\"timeline\" role=\"img\" viewBox=\"0 0 {0} {1}\" aria-label=\"{2}\" font-family=\"ui-monospace, "
        "monospace\" font-size=\"13\" fill=\"#1b1f24\">\n"
        "<text x=\"{3}\" y=\"22\" text-anchor=\"middle\" font-weight=\"bold\">client</text>"
        "<text x=\"{4}\" y=\"22\" text-anchor=\"middle\" font-weight=\"bold\">issuer</text>\n"
        "<path d=\"M{3} 30V{1}M{4} 30V{1}\" stroke=\"#8c959f\" fill=\"none\"/>\n",
        kWidth, height, escape(title), kClient, kIssuer);
    return svg + body_ + "</svg>\n";
  }

 private:
  template <typename... Args>
  void draw(const char* format, Args&&... args) {
    fmt::format_to(std::back_inserter(body_), fmt::runtime(format), std::forward<Args>(args)...);
  }

  void gap(oidc::Duration length) {
    draw("<text x=\"{}\" y=\"{}\" text-anchor=\"end\" fill=\"#57606a\">{}</text>\n", kClient - 12, y_ + 16,
         readable_time(length));
    draw("<path d=\"M{0} {1}v{2}M{3} {1}v{2}\" stroke=\"#ffffff\" stroke-width=\"3\" stroke-dasharray=\"3 3\"/>\n",
         kClient, y_, kGapHeight, kIssuer);
    y_ += kGapHeight;
  }

  void time_label(oidc::Duration at, int y) {
    draw("<text x=\"8\" y=\"{}\" fill=\"#57606a\">{}</text>\n", y, seconds(at));
  }

  void step(const scenarios::StepRecord& step) {
    draw("<rect x=\"100\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"3\" fill=\"#eaeef2\" stroke=\"#d0d7de\"/>\n", y_ + 3,
         kWidth - 110, kStepHeight - 6);
    const std::string result = step.result.empty() ? "" : "  → " + oidc::clean_line(step.result, 60);
    draw("<text x=\"108\" y=\"{}\">step {}: {}{}</text>\n", y_ + 20, step.index,
         escape(oidc::clean_line(step.description, 50)), escape(result));
    time_label(step.at, y_ + 20);
    y_ += kStepHeight;
  }

  void arrow(int from, int to, int y, const char* dash) {
    const int back = to > from ? -8 : 8;
    draw("<path d=\"M{} {}H{}\" stroke=\"#1b1f24\" fill=\"none\"{}/><path d=\"M{} {}l{} -4v8z\"/>\n", from, y, to, dash,
         to, y, back);
  }

  void exchange(const mockserver::Exchange& exchange) {
    const std::string what =
        exchange.endpoint.empty() ? exchange.method + " " + exchange.path : exchange.method + " " + exchange.endpoint;
    const std::string token = secret_of(exchange);
    draw("<text x=\"{}\" y=\"{}\">#{} {}{}{}</text>\n", kClient + 12, y_ + 14, exchange.seq,
         escape(oidc::clean_line(what, 50)), exchange.grant.empty() ? "" : " " + escape(exchange.grant),
         token.empty() ? "" : "  " + escape(token));
    arrow(kClient, kIssuer, y_ + 20, "");
    const std::string reply = exchange.dropped ? "no reply" : fmt::format("{}", exchange.status);
    const std::string scripted = exchange.steps.empty() ? "" : " (scripted)";
    draw("<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}{}</text>\n", kIssuer - 12, y_ + 38, reply, scripted);
    if (!exchange.dropped) {
      arrow(kIssuer, kClient, y_ + 44, " stroke-dasharray=\"5 3\"");
    }
    time_label(exchange.offset, y_ + 20);
    y_ += kExchangeHeight;
  }

  /// The one form field that tells requests apart.
  static std::string secret_of(const mockserver::Exchange& exchange) {
    for (const char* name : {"refresh_token", "code", "device_code"}) {
      for (const auto& [field, value] : exchange.form) {
        if (field == name) {
          return oidc::clean_line(value, 40);
        }
      }
    }
    return "";
  }

  std::string body_;
  int y_ = kTop;
  oidc::Duration last_{};
};

}  // namespace

std::string timeline_svg(const Outcome& outcome) {
  const std::vector<Event> events = events_of(outcome);
  if (events.empty()) {
    return "";
  }
  Drawing drawing;
  for (const Event& event : events) {
    drawing.add(event);
  }
  return drawing.finish(fmt::format("{} steps and {} exchanges between client and issuer, in virtual time",
                                    outcome.steps.size(), outcome.exchanges.size()));
}

}  // namespace conformance
