#include "control/actions.hpp"
#include "control/client_json.hpp"
#include "control/clock_json.hpp"
#include "control/script_edit.hpp"
#include "control/timestamp.hpp"
#include "mockserver/issuer_clock.hpp"
#include "oidc/url.hpp"
#include "world.hpp"

namespace mockserver::control {
namespace {

std::string path_of(const std::string& name) {
  return "/v1/issuers/" + oidc::percent_encode(name);
}

oidc::Json to_json(const std::string& name, Issuer& issuer, bool with_secrets) {
  const std::string url = issuer.base_url();
  return {{"name", name},
          {"issuer", url},
          {"discovery", url + "/.well-known/openid-configuration"},
          {"control", path_of(name)},
          {"clock", clock_to_json(issuer.clock())},
          {"clients", clients_to_json(issuer.world().registry, with_secrets)}};
}

Problem creation_problem(const Issuers& issuers, const std::string& name, bool at_root, const oidc::Error& error) {
  if (issuers.find(name)) {
    return {.status = 409, .detail = "there is an issuer of this name", .pointer = "/name"};
  }
  return at_root ? Problem{.status = 409, .detail = error.message, .pointer = "/at_root"} : to_problem(error, "/name");
}

}  // namespace

oidc::Json clients_to_json(const Registry& registry, bool with_secrets) {
  oidc::Json clients = oidc::Json::array();
  for (const ClientPtr& client : registry.clients()) {
    oidc::Json json = {{"id", client->id}, {"auth", to_string(client->auth)}, {"grants", client->grants}};
    if (with_secrets && !client->secret.empty()) {
      json["secret"] = client->secret;
    }
    clients.push_back(std::move(json));
  }
  return clients;
}

oidc::HttpResponse create_issuer(Call& call) {
  auto config =
      parse_issuer_config(join_overlays(call.world.options.defaults, call.body.value("config", oidc::Json::object())));
  if (!config) {
    return problem_reply(to_problem(config.error(), "/config"));
  }
  auto steps = parse_steps(call.body.value("script", oidc::Json::array()), Script{}, *config, "/script");
  if (const auto* problem = std::get_if<Problem>(&steps)) {
    return problem_reply(*problem);
  }
  const std::shared_ptr<oidc::Clock> clock = make_issuer_clock(call.body.value("clock", "system"));
  if (!clock) {
    return problem_reply({.detail = "not a clock",
                          .pointer = "/clock",
                          .expected = "\"system\", \"virtual\" or an ISO 8601 time with its zone"});
  }
  const std::string wanted = call.body.value("name", "");
  const Mount mount = call.body.value("at_root", false) ? Mount::kRoot : Mount::kSegment;
  const auto issuer = call.world.issuers.create(wanted, *std::move(config), clock, mount);
  if (!issuer) {
    return problem_reply(creation_problem(call.world.issuers, wanted, mount == Mount::kRoot, issuer.error()));
  }
  for (Step& step : std::get<std::vector<Step>>(steps)) {
    (*issuer)->script().add(std::move(step));
  }
  const std::string name = call.world.issuers.name_of(**issuer);
  auto reply = json_reply(201, to_json(name, **issuer, true));
  reply.headers.set("Location", path_of(name));
  return reply;
}

oidc::HttpResponse list_issuers(Call& call) {
  oidc::Json list = oidc::Json::array();
  for (const std::string& name : call.world.issuers.names()) {
    if (const auto issuer = call.world.issuers.find(name)) {
      list.push_back({{"name", name}, {"issuer", issuer->base_url()}, {"control", path_of(name)}});
    }
  }
  return json_reply(200, {{"issuers", std::move(list)}});
}

oidc::HttpResponse get_issuer(Call& call) {
  return json_reply(200, to_json(call.issuer_name, *call.issuer, false));
}

oidc::HttpResponse delete_issuer(Call& call) {
  if (!call.world.issuers.remove(call.issuer_name)) {
    return problem_reply({.status = 404, .detail = "the issuer was deleted in this moment"});
  }
  const oidc::Json result = call.issuer->verdict();
  if (auto* clock = dynamic_cast<IssuerClock*>(&call.issuer->clock())) {
    clock->close();  // replies still held back would wait for ever
  }
  return json_reply(200, result);
}

oidc::HttpResponse verdict(Call& call) {
  return json_reply(200, call.issuer->verdict());
}

}  // namespace mockserver::control
