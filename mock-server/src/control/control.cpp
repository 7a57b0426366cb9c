#include "mockserver/control.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "control/bodies.hpp"
#include "control/call.hpp"
#include "control/guard.hpp"
#include "control/routes.hpp"
#include "oidc/schema.hpp"
#include "oidc/url.hpp"

namespace mockserver {

using control::Call;
using control::Problem;
using control::problem_reply;
using control::Route;

/// From request to call, guard by guard; a problem found on the way is the reply.
class Control::Impl {
 public:
  Impl(Issuers& issuers, ControlOptions options) : world_{issuers, std::move(options)} {}

  oidc::HttpResponse handle(const oidc::HttpRequest& request, LaterReply& later);
  void attach(Server& server) { world_.server = &server; }
  void end_waits() { world_.ending.request_stop(); }

 private:
  oidc::HttpResponse run(const Route& route, control::PathArguments&& arguments, const oidc::HttpRequest& request,
                         const std::string& query, LaterReply& later);

  control::World world_;
};

namespace {

oidc::HttpResponse no_such_path(const std::string& path) {
  std::vector<std::string> paths;
  for (const Route& route : control::routes()) {
    paths.emplace_back(route.path);
  }
  return problem_reply({.status = 404,
                        .detail = "there is no call at this path; GET /v1 lists them all",
                        .suggestion = oidc::nearest_name(path, paths)});
}

oidc::HttpResponse wrong_method(const std::set<std::string>& allowed) {
  std::string list;
  for (const std::string& method : allowed) {
    list += (list.empty() ? "" : ", ") + method;
  }
  auto reply = problem_reply({.status = 405, .detail = "this path takes other methods", .expected = list});
  reply.headers.set("Allow", list);
  return reply;
}

oidc::Result<oidc::Form> parse_query(const std::string& text) {
  auto query = oidc::parse_form(text);
  if (query && query->repeated_name()) {
    return oidc::Error{oidc::Errc::kInvalidArgument, "a query parameter is given twice"};
  }
  return query;
}

/// "form.*" allows "form.scope".
bool allows(std::string_view pattern, std::string_view name) {
  return pattern.ends_with(".*")
             ? name.size() + 1 > pattern.size() && name.starts_with(pattern.substr(0, pattern.size() - 1))
             : name == pattern;
}

std::optional<Problem> check_query(const Route& route, const oidc::Form& query) {
  const auto allowed = control::split(route.query, ' ');
  for (const auto& [name, value] : query) {
    if (std::ranges::none_of(allowed, [&, &asked = name](const std::string& one) { return allows(one, asked); })) {
      std::string list{route.query};
      std::ranges::replace(list, ' ', ',');
      return Problem{.detail = "unknown query parameter",
                     .parameter = name,
                     .expected = allowed.empty() ? "no parameters" : "one of: " + list,
                     .suggestion = oidc::nearest_name(name, allowed)};
    }
  }
  return std::nullopt;
}

/// The body as JSON of the route's shape; no body stands for {}.
std::variant<oidc::Json, Problem> read_body(const Route& route, const std::string& text) {
  if (route.body.empty()) {
    return oidc::Json{};
  }
  const auto parsed = oidc::parse_json(text.empty() ? "{}" : text);
  if (!parsed) {
    return Problem{.detail = "the body is not JSON: " + parsed.error().message};
  }
  // A single step may come without its array.
  const bool single_step = route.body == "steps" && !parsed->is_array();
  auto problem = control::check_body(single_step ? "step" : route.body, *parsed);
  if (problem) {
    return *std::move(problem);
  }
  return *parsed;
}

Problem no_such_issuer(const Issuers& issuers, const std::string& name) {
  return {.status = 404,
          .detail = "there is no issuer of this name",
          .suggestion = oidc::nearest_name(name, issuers.names())};
}

}  // namespace

oidc::HttpResponse Control::Impl::handle(const oidc::HttpRequest& request, LaterReply& later) {
  const auto url = oidc::parse_url(request.url);
  if (!url) {
    return problem_reply({.detail = url.error().message});
  }
  // A page that had its name point here doesn't know the token.
  const bool guarded = !world_.options.token.empty();
  if (const auto problem = guarded ? std::nullopt : control::refuse_pages(request, *url)) {
    return problem_reply(*problem);
  }
  if (const auto problem = control::refuse_other_origins(request, *url)) {
    return problem_reply(*problem);
  }
  if (const auto problem = control::refuse_strangers(request, *url, world_.options.token)) {
    auto reply = problem_reply(*problem);
    reply.headers.add("WWW-Authenticate", "Bearer realm=\"assay control\"");
    reply.headers.add("WWW-Authenticate", "Basic realm=\"assay control\"");  // what browsers ask people for
    return reply;
  }
  const std::string method = request.method == "HEAD" ? "GET" : request.method;
  std::set<std::string> allowed;
  for (const Route& route : control::routes()) {
    auto arguments = control::match(route.path, url->path);
    if (!arguments) {
      continue;
    }
    if (route.method == method) {
      return run(route, *std::move(arguments), request, url->query, later);
    }
    allowed.emplace(route.method);
  }
  return allowed.empty() ? no_such_path(url->path) : wrong_method(allowed);
}

oidc::HttpResponse Control::Impl::run(const Route& route, control::PathArguments&& arguments,
                                      const oidc::HttpRequest& request, const std::string& query, LaterReply& later) {
  Call call{.world = world_, .issuer_name = "", .issuer = nullptr, .name = "", .query = {}, .body = {}};
  for (auto& [name, value] : arguments) {
    (name == "issuer" ? call.issuer_name : call.name) = std::move(value);
  }
  if (arguments.contains("issuer")) {
    call.issuer = world_.issuers.find(call.issuer_name);
    if (!call.issuer) {
      return problem_reply(no_such_issuer(world_.issuers, call.issuer_name));
    }
  }
  auto parameters = parse_query(query);
  if (!parameters) {
    return problem_reply({.detail = parameters.error().message});
  }
  call.query = *std::move(parameters);
  if (const auto problem = check_query(route, call.query)) {
    return problem_reply(*problem);
  }
  auto body = read_body(route, request.body);
  if (const auto* problem = std::get_if<Problem>(&body)) {
    return problem_reply(*problem);
  }
  call.body = std::get<oidc::Json>(std::move(body));
  call.headers = request.headers;
  auto reply = route.action(call);
  later = std::move(call.later);
  return reply;
}

Control::Control(Issuers& issuers, ControlOptions options)
    : impl_{std::make_unique<Impl>(issuers, std::move(options))} {}
Control::Control(Issuers& issuers, std::string ca_pem)
    : Control{issuers, ControlOptions{.ca_pem = std::move(ca_pem)}} {}
Control::~Control() = default;

ServedReply Control::handle(const oidc::HttpRequest& request) {
  ServedReply served;
  served.reply.response = impl_->handle(request, served.later);
  return served;
}

void Control::attach(Server& server) {
  impl_->attach(server);
}

void Control::end_waits() {
  impl_->end_waits();
}

}  // namespace mockserver
