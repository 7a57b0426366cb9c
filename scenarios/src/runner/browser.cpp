#include "runner/browser.hpp"

#include "oidc/form.hpp"
#include "oidc/http_client.hpp"
#include "oidc/url.hpp"

namespace scenarios {
namespace {

using oidc::Errc;
using oidc::Error;

constexpr std::chrono::milliseconds kListenerTimeout{5'000};

}  // namespace

oidc::Status Browser::open(const std::string& url) {
  if (script_.contains("silent") && script_["silent"] == true) {
    return oidc::Done{};
  }
  const auto reply = transport_.send({"GET", url, {{"Accept", "text/html"}, {"User-Agent", "assay-browser"}}, ""});
  if (!reply) {
    return reply.error();
  }
  const auto location = reply->headers.get("Location");
  if (reply->status / 100 != 3 || !location) {
    // A person would look at an error page; nothing comes back to the client.
    return oidc::Done{};
  }
  const auto target = changed(*location);
  if (!target) {
    return target.error();
  }
  oidc::HttpClientOptions options;
  options.max_redirects = 0;
  options.connect_timeout = options.read_timeout = options.total_timeout = kListenerTimeout;
  oidc::HttpClient listener{options};
  const auto parsed = oidc::parse_url(*target);
  if (!parsed || !oidc::is_loopback_host(parsed->host)) {
    return Error{Errc::kInvalidArgument, "the redirect does not lead to this machine"};
  }
  for (const auto& path : script_.contains("strays") ? script_["strays"] : oidc::Json::array()) {
    // Whatever the listener says to these, the redirect follows.
    (void)listener.send({"GET", parsed->origin() + path.get<std::string>(), {}, ""});
  }
  const auto delivered = listener.send({"GET", *target, {}, ""});
  return delivered ? oidc::Status{oidc::Done{}} : oidc::Status{delivered.error()};
}

oidc::Result<std::string> Browser::changed(const std::string& redirect) const {
  auto url = oidc::parse_url(redirect);
  if (!url) {
    return url.error();
  }
  if (!script_.contains("change")) {
    return redirect;
  }
  auto parameters = oidc::parse_form(url->query);
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
  url->query = parameters->encode();
  return url->to_string();
}

}  // namespace scenarios
