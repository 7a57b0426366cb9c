#include "pipeline.hpp"

#include <algorithm>
#include <exception>
#include <utility>
#include <vector>

#include "dpop.hpp"
#include "endpoints/endpoint.hpp"
#include "form_request.hpp"
#include "places.hpp"
#include "redaction.hpp"
#include "refusal.hpp"
#include "reply.hpp"
#include "script/facts.hpp"
#include "verbs/verb.hpp"

namespace mockserver {
namespace {

std::string path_below(const std::string& path, const std::string& base_path) {
  const bool below = path.starts_with(base_path) && (path.size() == base_path.size() || path[base_path.size()] == '/');
  return below ? path.substr(base_path.size()) : path;
}

bool has_cors(const Call& call) {
  return call.endpoint->cors && call.world.config.cors.enabled;
}

oidc::HttpResponse method_not_allowed(const Call& call) {
  auto reply = json_reply(405, {{"error", "invalid_request"}, {"error_description", "method not allowed"}});
  std::string allow{call.endpoint->methods};
  reply.headers.add("Allow", has_cors(call) ? allow + ", OPTIONS" : allow);
  return reply;
}

/// What a preflight asks for, or else `usual`: tokens and what separates them, nothing else is said back.
std::string asked_for(const Call& call, std::string_view field, std::string_view usual) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~, \t";
  const auto fits = [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           kOthers.find(c) != std::string_view::npos;
  };
  const auto asked = call.request.headers.get(field);
  return std::string{asked && !asked->empty() && std::ranges::all_of(*asked, fits) ? std::string_view{*asked} : usual};
}

/// The CORS preflight (Fetch section 4.8). It allows what it asks for, and what the endpoints read where it asks for
/// nothing: whether the request itself is good is the endpoint's to say, so that the script gets to read it.
oidc::HttpResponse preflight(const Call& call) {
  const std::string methods{call.endpoint->methods};
  const std::string method = asked_for(call, "Access-Control-Request-Method", "");
  const bool other = !method.empty() && !call.endpoint->allows(method);
  return {204,
          {{"Allow", methods + ", OPTIONS"},
           {"Access-Control-Allow-Methods", other ? methods + ", " + method : methods},
           {"Access-Control-Allow-Headers",
            asked_for(call, "Access-Control-Request-Headers", "Authorization, Content-Type, DPoP")},
           {"Access-Control-Max-Age", "600"}},
          ""};
}

/// The verbs of a step's `do`, in the order of the table, with their values.
std::vector<std::pair<const Verb*, const oidc::Json*>> verbs_of(const oidc::Json& action) {
  std::vector<std::pair<const Verb*, const oidc::Json*>> found;
  for (const Verb* verb : verbs()) {
    if (const auto value = action.find(verb->name); value != action.end()) {
      found.emplace_back(verb, &*value);
    }
  }
  return found;
}

/// The correct reply. What proves only once who sends the request is used up here and not by a step that
/// keeps the request from being processed: whoever was told to come again may come with the same.
oidc::HttpResponse process(Call& call) {
  if (call.assertion && !call.world.assertions.use(call.assertion->id, call.assertion->expires_at, call.now)) {
    return call.endpoint->refuse(call, refusal("invalid_client", "the client assertion was used before"));
  }
  if (call.proof && !call.world.assertions.use(call.proof->id, call.proof->expires_at, call.now)) {
    return call.endpoint->refuse(call, refusal("invalid_dpop_proof", "the DPoP proof was used before"));
  }
  return call.endpoint->process(call);
}

oidc::HttpResponse admit_and_process(Call& call) {
  if (call.endpoint->admit != nullptr) {
    if (const auto admitted = call.endpoint->admit(call); !admitted) {
      return call.endpoint->refuse(call, admitted.error());
    }
  }
  return process(call);
}

/// Processes the request, or lets the verbs make the reply, and applies them. A fault that one of
/// its verbs could not make real was not delivered, nor was one that is to be somewhere that isn't there.
oidc::HttpResponse run_step(Call& call, const Taken& taken, oidc::HttpResponse (*correct)(Call&)) {
  call.steps.push_back(taken.step.id);
  call.retry_in = taken.retry_in;
  const auto placed = with_places(call.world, taken.step.action, "/do");
  const oidc::Json& action = placed ? *placed : taken.step.action;
  const auto doing = verbs_of(action);
  bool effective = placed.has_value();
  for (const auto& [verb, value] : doing) {
    call.replaced = call.replaced || verb->replaces;
    effective = (verb->before == nullptr || verb->before(*value, call)) && effective;
  }
  oidc::HttpResponse reply = call.replaced ? oidc::HttpResponse{200, {}, ""} : correct(call);
  for (const auto& [verb, value] : doing) {
    effective = (verb->after == nullptr || verb->after(*value, call, reply)) && effective;
  }
  if (!effective) {
    call.world.script.withdraw(taken.step.id);
  }
  return reply;
}

/// A step that takes the request as it comes, whatever is wrong with it.
std::optional<Taken> take_unchecked(Call& call) {
  if (!call.world.script.has_steps(Phase::kBeforeValidation)) {
    return std::nullopt;
  }
  glance_at(call);
  auto taken = call.world.script.take(facts_of(call), Phase::kBeforeValidation);
  if (!taken) {
    take_parameters(call, {});
    call.grant.clear();
    call.client_id.clear();
  }
  return taken;
}

std::optional<Taken> take_checked(const Call& call) {
  if (!call.world.script.has_steps(Phase::kAfterValidation)) {
    return std::nullopt;
  }
  return call.world.script.take(facts_of(call), Phase::kAfterValidation);
}

oidc::HttpResponse respond(Call& call) {
  call.endpoint = find_endpoint(call.world, call.url.path);
  if (call.endpoint == nullptr) {
    return page_reply(404, "Not found", "This issuer has no such endpoint.");
  }
  if (call.method == "OPTIONS" && has_cors(call)) {
    return preflight(call);
  }
  if (!call.endpoint->allows(call.request.method)) {
    return method_not_allowed(call);
  }
  if (const auto taken = take_unchecked(call)) {
    return run_step(call, *taken, &admit_and_process);
  }
  if (call.endpoint->admit != nullptr) {
    if (const auto admitted = call.endpoint->admit(call); !admitted) {
      return call.endpoint->refuse(call, admitted.error());
    }
  }
  const auto taken = take_checked(call);
  return taken ? run_step(call, *taken, &process) : process(call);
}

/// Who of other origins may read the reply (Fetch section 3.2). Never "*" together with credentials.
void add_cors(const Call& call, oidc::HttpResponse& reply) {
  const CorsConfig& cors = call.world.config.cors;
  const auto origin = call.request.headers.get("Origin");
  const bool scripted = reply.headers.contains("Access-Control-Allow-Origin");  // by a step
  if (!cors.enabled || scripted || (call.endpoint != nullptr && !call.endpoint->cors)) {
    return;
  }
  if (!cors.origins.empty()) {
    reply.headers.add("Vary", "Origin");
  }
  if (!origin || (!cors.origins.empty() && std::ranges::find(cors.origins, *origin) == cors.origins.end())) {
    return;
  }
  reply.headers.add("Access-Control-Allow-Origin", cors.origins.empty() ? "*" : *origin);
  if (!cors.origins.empty()) {
    reply.headers.add("Access-Control-Allow-Credentials", "true");
  }
  reply.headers.add("Access-Control-Expose-Headers", "WWW-Authenticate, DPoP-Nonce, Retry-After");
}

/// What every reply of an endpoint has, errors and scripted ones too.
void finish(const Call& call, oidc::HttpResponse& reply) {
  if (!reply.headers.contains("Date")) {
    // The issuer's time, which need not be the machine's.
    reply.headers.add("Date", oidc::format_http_date(call.now));
  }
  if (call.endpoint != nullptr && call.endpoint->no_store && !reply.headers.contains("Cache-Control")) {
    reply.headers.add("Cache-Control", "no-store");
    reply.headers.add("Pragma", "no-cache");
  }
  offer_dpop_nonce(call, reply);
  add_cors(call, reply);
  if (call.request.method == "HEAD") {
    reply.headers.set("Content-Length", std::to_string(reply.body.size()));
    reply.body.clear();
  }
}

oidc::HttpResponse respond_safely(Call& call) {
  const auto url = oidc::parse_url(call.request.url);
  if (!url) {
    return page_reply(400, "Bad request", "The URL is malformed.");
  }
  call.url = *url;
  call.path = path_below(url->path, call.world.base_path);
  try {
    return respond(call);
  } catch (const std::exception&) {
    // A defect of ours (or OpenSSL out of memory). The text stays inside: it may quote input.
    return refuse_as_json(call, refusal("server_error", "internal error"));
  }
}

}  // namespace

Reply answer(World& world, const oidc::HttpRequest& request) {
  Call call{world, request, world.now()};
  const oidc::Duration offset = world.clock.steady_now() - world.created;
  const std::size_t seq = world.journal.arrive();
  call.method = request.method == "HEAD" ? "GET" : request.method;
  oidc::HttpResponse response = respond_safely(call);
  finish(call, response);
  world.journal.add(describe(call, response, seq, offset));
  return {std::move(response), call.delivery};
}

Reply answer_stray(World& world, const oidc::HttpRequest& request) {
  Call call{world, request, world.now()};
  const oidc::Duration offset = world.clock.steady_now() - world.created;
  const std::size_t seq = world.journal.arrive();
  call.method = request.method == "HEAD" ? "GET" : request.method;
  if (const auto url = oidc::parse_url(request.url)) {
    call.url = *url;
    call.path = url->origin() + url->path;  // so that nobody takes it for one below the issuer's URL
  } else {
    call.path = request.url;
  }
  (void)read_browser_form(call);  // nobody here minds what is wrong with it
  oidc::HttpResponse response = no_such_issuer();
  finish(call, response);
  world.journal.add(describe(call, response, seq, offset));
  return {std::move(response), call.delivery};
}

}  // namespace mockserver
