// The page for people, and the calls that were made for it.

#include <algorithm>
#include <charconv>
#include <shared_mutex>

#include "control/actions.hpp"
#include "control/scenario_writer.hpp"
#include "control/waiting.hpp"
#include "oidc/base64url.hpp"
#include "world.hpp"

namespace assay::embedded {
extern const std::string_view inspector_html_text;
extern const std::string_view inspector_css_text;
extern const std::string_view inspector_js_text;
}  // namespace assay::embedded

namespace mockserver::control {
namespace {

/// How long a stream without news stays open; the browser opens the next by itself.
constexpr std::chrono::seconds kPatience{15};

oidc::HttpResponse file_reply(std::string_view type, std::string_view text) {
  return {.status = 200,
          .headers = {{"Content-Type", std::string{type}},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Cache-Control", "no-store"}},
          .body = std::string{text}};
}

/// A stream goes on after the exchange that it names; 0 for what is no number.
std::size_t last_seen(const std::string& text) {
  std::size_t seq = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seq);
  return error == std::errc{} && end == text.data() + text.size() ? seq : 0;
}

std::string events_after(const Journal& journal, std::size_t seq) {
  std::string text;
  for (const Exchange& exchange : journal.exchanges()) {
    if (exchange.seq > seq) {
      text += "id: " + std::to_string(exchange.seq) + "\nevent: exchange\ndata: " + oidc::to_text(to_json(exchange)) +
              "\n\n";
    }
  }
  return text;
}

/// Ends after what there is to tell: the browser comes again and names the last id (HTML section 9.2).
oidc::HttpResponse event_reply(const std::string& events) {
  return {.status = 200,
          .headers = {{"Content-Type", "text/event-stream"}, {"Cache-Control", "no-store"}},
          .body = "retry: 100\n\n" + events};
}

/// A part of a JWT as JSON; null if it is none.
oidc::Json decoded_part(std::string_view part) {
  const auto bytes = oidc::base64url_decode(part);
  const auto json = bytes ? oidc::parse_json(*bytes) : oidc::Result<oidc::Json>{oidc::Error{}};
  return json ? *json : oidc::Json{};
}

}  // namespace

oidc::HttpResponse inspector_page(Call&) {
  auto reply = file_reply("text/html; charset=utf-8", assay::embedded::inspector_html_text);
  reply.headers.add("Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; "
                    "form-action 'none'; frame-ancestors 'none'");
  return reply;
}

oidc::HttpResponse inspector_script(Call&) {
  return file_reply("text/javascript; charset=utf-8", assay::embedded::inspector_js_text);
}

oidc::HttpResponse inspector_style(Call&) {
  return file_reply("text/css; charset=utf-8", assay::embedded::inspector_css_text);
}

oidc::HttpResponse stream_events(Call& call) {
  const Journal& journal = call.issuer->journal();
  auto named = call.headers.get("Last-Event-ID");
  if (!named) {
    named = call.query.get("since");
  }
  // The first reply of a stream comes at once, so that whoever opens it sees that it is open.
  if (!named) {
    return event_reply("id: 0\n\n" + events_after(journal, 0));
  }
  const std::size_t seen = last_seen(*named);
  return await(call, kPatience,
               {.is_over = [&journal, seen] { return journal.latest() > seen; },
                .reply = [&journal, seen] { return event_reply(events_after(journal, seen)); },
                .in_vain = [] { return event_reply(""); }});
}

oidc::HttpResponse decode_token(Call& call) {
  const Ledger& ledger = call.issuer->ledger();
  const bool token = call.name.starts_with("at#") || call.name.starts_with("id#");
  const auto value = token ? ledger.value_of(call.name) : std::nullopt;
  if (!value) {
    return problem_reply({.status = 404, .detail = "there is no access or ID token of this lineage name"});
  }
  const auto first = value->find('.');
  const auto second = first == std::string::npos ? first : value->find('.', first + 1);
  if (second == std::string::npos) {
    return json_reply(200, {{"name", call.name}, {"opaque", true}});
  }
  // Without its signature it is worth nothing to anybody.
  const std::string_view text = *value;
  return json_reply(200, {{"name", call.name},
                          {"header", decoded_part(text.substr(0, first))},
                          {"claims", decoded_part(text.substr(first + 1, second - first - 1))}});
}

oidc::HttpResponse journal_as_scenario(Call& call) {
  const oidc::Json script = oidc::parse_json(list_steps(call).body).value();
  mockserver::World& world = call.issuer->world();
  const oidc::Json config = [&] {
    const std::shared_lock reading{world.settings};
    return world.config.written;
  }();
  return {.status = 200,
          .headers = {{"Content-Type", "application/yaml"}},
          .body = write_scenario(call.issuer->journal().exchanges(), config, script.at("steps"))};
}

}  // namespace mockserver::control
