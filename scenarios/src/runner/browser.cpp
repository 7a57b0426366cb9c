#include "runner/browser.hpp"

#include <optional>
#include <utility>

#include "oidc/form.hpp"
#include "oidc/http_client.hpp"
#include "oidc/url.hpp"

namespace scenarios {
namespace {

using oidc::Errc;
using oidc::Error;

constexpr std::chrono::milliseconds kListenerTimeout{5'000};

std::string unescaped(std::string text) {
  constexpr std::pair<std::string_view, std::string_view> kEntities[] = {
      {"&quot;", "\""}, {"&#39;", "'"}, {"&#x2F;", "/"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}};
  for (const auto& [entity, character] : kEntities) {
    for (auto at = text.find(entity); at != std::string::npos; at = text.find(entity, at + 1)) {
      text.replace(at, entity.size(), character);
    }
  }
  return text;
}

/// The value of an attribute in a tag.
std::string attribute(const std::string& tag, const std::string& name) {
  const auto at = tag.find(" " + name + "=\"");
  if (at == std::string::npos) {
    return "";
  }
  const auto begin = at + name.size() + 3;
  return unescaped(tag.substr(begin, tag.find('"', begin) - begin));
}

/// The form that a page posts by itself; none if it is another kind of page.
std::optional<Return> form_in(const std::string& page) {
  const auto begin = page.find("<form method=\"post\"");
  if (begin == std::string::npos) {
    return std::nullopt;
  }
  const std::string target = attribute(page.substr(begin, page.find('>', begin) - begin), "action");
  const auto url = oidc::parse_url(target);
  if (!url) {
    return std::nullopt;  // a page of the issuer's own, with a relative address
  }
  oidc::Form form;
  for (auto at = page.find("<input type=\"hidden\"", begin); at != std::string::npos;
       at = page.find("<input type=\"hidden\"", at + 1)) {
    const std::string tag = page.substr(at, page.find('>', at) - at);
    form.add(attribute(tag, "name"), attribute(tag, "value"));
  }
  return Return{target, form.encode()};
}

}  // namespace

oidc::Result<Return> Browser::visit(const std::string& url) {
  if (says("silent") && script_["silent"] == true) {
    departed_ = true;
    return Return{};
  }
  const auto reply = transport_.send({"GET", url, {{"Accept", "text/html"}, {"User-Agent", "assay-browser"}}, ""});
  if (!reply) {
    return reply.error();
  }
  if (const auto location = reply->headers.get("Location"); location && reply->status / 100 == 3) {
    return changed({*location, ""});
  }
  // A person would look at an error page; nothing comes back to the client.
  const auto posted = reply->status == 200 ? form_in(reply->body) : std::nullopt;
  return posted ? changed(*posted) : oidc::Result<Return>{Return{}};
}

oidc::Status Browser::open(const std::string& url) {
  const auto way = visit(url);
  if (!way) {
    return way.error();
  }
  if (way->url.empty()) {
    return oidc::Done{};
  }
  oidc::HttpClientOptions options;
  options.max_redirects = 0;
  options.connect_timeout = options.read_timeout = options.total_timeout = kListenerTimeout;
  oidc::HttpClient listener{options};
  const auto parsed = oidc::parse_url(way->url);
  if (!parsed || !oidc::is_loopback_host(parsed->host)) {
    return Error{Errc::kInvalidArgument, "the redirect does not lead to this machine"};
  }
  for (const auto& path : says("strays") ? script_["strays"] : oidc::Json::array()) {
    // Whatever the listener says to these, the redirect follows.
    const auto answered = listener.send({"GET", parsed->origin() + path.get<std::string>(), {}, ""});
    strays_ += answered || answered.error().code != Errc::kConnectFailed ? 1U : 0U;
  }
  const oidc::Headers as_form{{"Content-Type", "application/x-www-form-urlencoded"}};
  const auto delivered = way->form.empty() ? listener.send({"GET", way->url, {}, ""})
                                           : listener.send({"POST", way->url, as_form, way->form});
  return delivered ? oidc::Status{oidc::Done{}} : oidc::Status{delivered.error()};
}

bool Browser::behaved() const {
  const bool departs = script_.contains("change") || (script_.contains("silent") && script_["silent"] == true);
  return (!departs || departed_) && (!script_.contains("strays") || strays_ >= script_["strays"].size());
}

/// What the script replaces or removes, in the query or in the posted form.
oidc::Result<Return> Browser::changed(Return way) {
  if (!says("change")) {
    return way;
  }
  departed_ = true;
  auto url = oidc::parse_url(way.url);
  if (!url) {
    return url.error();
  }
  auto parameters = oidc::parse_form(way.form.empty() ? url->query : way.form);
  if (!parameters) {
    return parameters.error();
  }
  for (const auto& [name, value] : script_["change"].items()) {
    if (value.is_null()) {
      parameters->remove(name);
    } else {
      parameters->set(name, value.get<std::string>());
    }
  }
  if (!way.form.empty()) {
    return Return{way.url, parameters->encode()};
  }
  url->query = parameters->encode();
  return Return{url->to_string(), ""};
}

}  // namespace scenarios
