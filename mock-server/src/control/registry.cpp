// The clients, users and resource APIs of one issuer.

#include <algorithm>
#include <mutex>
#include <shared_mutex>

#include "control/actions.hpp"
#include "control/client_json.hpp"
#include "control/reconfigure.hpp"
#include "world.hpp"

namespace mockserver::control {
namespace {

const oidc::HttpResponse kNoContent{.status = 204, .headers = {}, .body = ""};

oidc::HttpResponse stored(bool is_new) {
  return {.status = is_new ? 201 : 204, .headers = {}, .body = ""};
}

oidc::HttpResponse missing(const std::string& what, const std::string& name, const std::vector<std::string>& names) {
  return problem_reply({.status = 404,
                        .detail = "there is no " + what + " of this name",
                        .suggestion = oidc::nearest_name(name, names)});
}

/// The body with the name that the path says; a problem if it says another one.
std::variant<oidc::Json, Problem> with_name(const Call& call, const char* member, const std::string& name) {
  oidc::Json body = call.body;
  if (body.contains(member) && body[member] != name) {
    return Problem{.detail = "not the name in the path", .pointer = std::string{"/"} + member, .expected = name};
  }
  body[member] = name;
  return body;
}

/// The resources as the configuration has them, or the one at "/" that there is without more.
oidc::Json resources_of(const mockserver::World& world) {
  oidc::Json list = oidc::Json::array();
  for (const ResourceConfig& resource : world.config.resources) {
    oidc::Json one = {{"path", resource.path}, {"scopes", resource.scopes}};
    if (!resource.audience.empty()) {
      one["audience"] = resource.audience;
    }
    list.push_back(std::move(one));
  }
  return list;
}

oidc::Json current_resources(Call& call) {
  mockserver::World& world = call.issuer->world();
  const std::shared_lock reading{world.settings};
  return resources_of(world);
}

/// Every resource but the one at that path.
oidc::Json without(oidc::Json resources, const std::string& path) {
  oidc::Json rest = oidc::Json::array();
  for (auto& one : resources) {
    if (one["path"] != path) {
      rest.push_back(std::move(one));
    }
  }
  return rest;
}

}  // namespace

oidc::HttpResponse list_clients(Call& call) {
  return json_reply(200, {{"clients", clients_to_json(call.issuer->world().registry, false)}});
}

oidc::HttpResponse put_client(Call& call) {
  const auto body = with_name(call, "id", call.name);
  if (const auto* problem = std::get_if<Problem>(&body)) {
    return problem_reply(*problem);
  }
  mockserver::World& world = call.issuer->world();
  const std::unique_lock alone{world.settings};
  auto client = parse_client_config(std::get<oidc::Json>(body), world.config);
  if (!client) {
    return problem_reply(to_problem(client.error()));
  }
  const bool is_new = world.registry.client(call.name) == nullptr;
  if (!client->secret.empty()) {
    world.ledger.record("secret", client->secret, "", world.now());
  }
  world.registry.put(*std::move(client));
  return stored(is_new);
}

oidc::HttpResponse delete_client(Call& call) {
  Registry& registry = call.issuer->world().registry;
  if (registry.remove_client(call.name)) {
    call.issuer->world().registrations.remove(call.name);
    return kNoContent;
  }
  std::vector<std::string> names;
  for (const auto& client : registry.clients()) {
    names.push_back(client->id);
  }
  return missing("client", call.name, names);
}

oidc::HttpResponse list_users(Call& call) {
  oidc::Json users = oidc::Json::array();
  for (const UserPtr& user : call.issuer->world().registry.users()) {
    users.push_back({{"sub", user->sub},
                     {"claims", user->claims},
                     {"access_claims", user->access_claims},
                     {"denies", user->denies},
                     {"has_password", !user->password.empty()}});
  }
  return json_reply(200, {{"users", std::move(users)}});
}

oidc::HttpResponse put_user(Call& call) {
  const auto body = with_name(call, "sub", call.name);
  if (const auto* problem = std::get_if<Problem>(&body)) {
    return problem_reply(*problem);
  }
  auto user = parse_user_config(std::get<oidc::Json>(body));
  if (!user) {
    return problem_reply(to_problem(user.error()));
  }
  Registry& registry = call.issuer->world().registry;
  const bool is_new = registry.user(call.name) == nullptr;
  registry.put(*std::move(user));
  return stored(is_new);
}

oidc::HttpResponse delete_user(Call& call) {
  mockserver::World& world = call.issuer->world();
  const std::unique_lock alone{world.settings};
  std::vector<std::string> names;
  for (const auto& user : world.registry.users()) {
    names.push_back(user->sub);
  }
  if (std::ranges::find(names, call.name) == names.end()) {
    return missing("user", call.name, names);
  }
  if (names.size() == 1) {
    return problem_reply({.status = 409, .detail = "somebody must be able to log in: the last user stays"});
  }
  world.registry.remove_user(call.name);
  return kNoContent;
}

oidc::HttpResponse list_resources(Call& call) {
  return json_reply(200, {{"resources", current_resources(call)}});
}

oidc::HttpResponse put_resource(Call& call) {
  const std::string path = "/" + call.name;
  const auto body = with_name(call, "path", path);
  if (const auto* problem = std::get_if<Problem>(&body)) {
    return problem_reply(*problem);
  }
  const std::scoped_lock editing{call.world.editing};  // until the list is the issuer's: nobody's resource gets lost
  const oidc::Json before = current_resources(call);
  oidc::Json after = without(before, path);
  const bool is_new = after.size() == before.size();
  after.push_back(std::get<oidc::Json>(body));
  const std::string place = "/resources/" + std::to_string(after.size() - 1);
  if (auto problem = reconfigure(call.issuer->world(), {{"resources", std::move(after)}})) {
    // The list around the resource is ours.
    problem->pointer = problem->pointer.starts_with(place) ? problem->pointer.substr(place.size()) : problem->pointer;
    return problem_reply(*problem);
  }
  return stored(is_new);
}

oidc::HttpResponse delete_resource(Call& call) {
  const std::scoped_lock editing{call.world.editing};
  const oidc::Json before = current_resources(call);
  oidc::Json after = without(before, "/" + call.name);
  if (after.size() == before.size()) {
    std::vector<std::string> names;
    for (const auto& one : before) {
      names.push_back(one["path"].get<std::string>().substr(1));
    }
    return missing("resource", call.name, names);
  }
  const auto problem = reconfigure(call.issuer->world(), {{"resources", std::move(after)}});
  return problem ? problem_reply(*problem) : kNoContent;
}

}  // namespace mockserver::control
