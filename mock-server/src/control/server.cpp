// The calls about the server itself.

#include "control/actions.hpp"
#include "control/bodies.hpp"
#include "control/routes.hpp"
#include "endpoints/endpoint.hpp"

namespace mockserver::control {

oidc::HttpResponse list_calls(Call&) {
  oidc::Json calls = oidc::Json::array();
  for (const Route& route : routes()) {
    oidc::Json call = {{"method", route.method}, {"path", route.path}, {"summary", route.summary}};
    if (!route.body.empty()) {
      call["body"] = "control.schema.json#/$defs/" + std::string{route.body};
    }
    if (!route.query.empty()) {
      call["query"] = split(route.query, ' ');
    }
    calls.push_back(std::move(call));
  }
  return json_reply(200, {{"calls", std::move(calls)}});
}

oidc::HttpResponse health(Call&) {
  return json_reply(200, {{"status", "ok"}});
}

oidc::HttpResponse list_endpoints(Call&) {
  oidc::Json list = oidc::Json::array();
  for (const Endpoint* endpoint : endpoints()) {
    list.push_back({{"name", endpoint->name}, {"path", endpoint->path}, {"methods", split(endpoint->methods, ' ')}});
    for (auto& method : list.back()["methods"]) {
      std::string text = method.get<std::string>();
      std::erase(text, ',');
      method = text;
    }
  }
  return json_reply(200, {{"endpoints", std::move(list)}});
}

oidc::HttpResponse version(Call&) {
  return json_reply(200, {{"name", "assay"}, {"version", ASSAY_VERSION}});
}

oidc::HttpResponse ca_certificate(Call& call) {
  if (call.world.options.ca_pem.empty()) {
    return problem_reply(
        {.status = 404, .detail = "the issuers are served without TLS, or with a certificate from files"});
  }
  return {.status = 200,
          .headers = {{"Content-Type", "application/pem-certificate-chain"}},
          .body = call.world.options.ca_pem};
}

oidc::HttpResponse schema(Call& call) {
  const std::string_view text = schema_text(call.name);
  if (text.empty()) {
    return problem_reply({.status = 404,
                          .detail = "there is no such schema",
                          .expected = "one of: control, issuer, server, step, token",
                          .suggestion = oidc::nearest_name(call.name, schema_names())});
  }
  return {.status = 200, .headers = {{"Content-Type", "application/schema+json"}}, .body = std::string{text}};
}

}  // namespace mockserver::control
