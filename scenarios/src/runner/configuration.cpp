#include "runner/configuration.hpp"

#include <algorithm>

#include "runner/needs.hpp"

namespace scenarios {
namespace {

/// Encoded it is what it was: a client that encodes nothing is charged where that is tried, and nowhere else.
constexpr const char* kPlainSecret = "s3cr3t-Zk94wQ7vR2";

using Clients = std::vector<mockserver::ClientConfig>;

const mockserver::ClientConfig* registered(const Clients& clients, const std::string& method) {
  const auto found = std::ranges::find(clients, method, [](const auto& client) { return to_string(client.auth); });
  return found == clients.end() ? nullptr : &*found;
}

/// The ways to authenticate that will do, the best one first: what the scenario is about; else not at all where the
/// flow takes no secret, and then as the client prefers to.
std::vector<std::string> usable_methods(const Scenario& scenario, const Hello& hello, bool unattended) {
  if (const auto method = oidc::string_member(scenario.client, "auth")) {
    return {*method};
  }
  std::vector<std::string> methods = hello.auth_methods;
  const auto others = std::ranges::stable_partition(methods, [](const std::string& one) { return one == "none"; });
  if (unattended) {
    methods.erase(methods.begin(), others.begin());
  }
  // Who has no secret and validates tokens only must be configured for something.
  return methods.empty() ? std::vector<std::string>{"client_secret_basic"} : methods;
}

std::string list_of(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : ", ") + name;
  }
  return text;
}

/// How it takes a login. One that takes none must be configured for some.
std::string flow_for(const Scenario& scenario, const Hello& hello) {
  const std::string flow = flow_of(scenario);
  return hello.flows.contains(flow) || hello.flows.empty() ? flow : *hello.flows.begin();
}

void authenticate_as(const mockserver::ClientConfig& client, ClientSetup& setup) {
  setup.client_auth = to_string(client.auth);
  setup.client_id = client.id;
  setup.client_secret = client.secret;
  if (client.auth == mockserver::ClientAuthMethod::kPrivateKeyJwt) {
    setup.client_private_key = mockserver::client_private_key();
  }
}

}  // namespace

mockserver::IssuerConfig issuer_config(const Scenario& scenario, std::uint64_t seed, TimeKind time,
                                       const Places& places) {
  oidc::Json overlay = scenario.issuer;
  if (time != TimeKind::kVirtual) {
    oidc::Json real = scenario.real;
    if (time == TimeKind::kFaked) {
      real.erase("lifetimes");  // time passes at will, and a command may be slower than such a token lives
    }
    overlay.merge_patch(real);
  }
  auto config = mockserver::parse_issuer_config(expanded(overlay, places)).value();
  if (!scenario.issuer.contains("seed")) {
    config.seed = seed;
  }
  for (auto& client : config.clients) {
    const bool own = overlay.contains("clients") || client.secret.empty();
    client.secret = own ? client.secret : kPlainSecret;
  }
  return config;
}

oidc::Result<ClientSetup> client_setup(const Scenario& scenario, const Hello& hello, const mockserver::Issuer& issuer) {
  const auto& config = issuer.config();
  ClientSetup setup;
  // Exactly as the issuer writes it: clients compare it.
  setup.issuer = issuer.base_url() + (config.trailing_slash ? "/" : "");
  setup.flow = flow_for(scenario, hello);
  const bool unattended = setup.flow == "client_credentials";
  const auto methods = usable_methods(scenario, hello, unattended);
  const auto method = std::ranges::find_if(methods, [&](const auto& one) { return registered(config.clients, one); });
  if (method == methods.end()) {
    return oidc::Error{oidc::Errc::kInvalidArgument,
                       "the scenario's issuer has no client that authenticates by " + list_of(methods)};
  }
  authenticate_as(*registered(config.clients, *method), setup);
  if (setup.flow == "password") {
    setup.username = config.users.front().sub;
    setup.password = config.users.front().password;
  }
  setup.scopes = unattended ? std::vector<std::string>{"api"} : std::vector<std::string>{"openid", "offline_access"};
  if (scenario.client.contains("scopes")) {
    setup.scopes = scenario.client["scopes"].get<std::vector<std::string>>();
  }
  setup.audience = oidc::string_member(scenario.client, "audience").value_or(config.audience);
  // Where nobody listens any port will do, and the client takes the one it is given.
  setup.redirect_uri = hello.ops.contains("login") ? "http://127.0.0.1:0/callback" : "http://127.0.0.1:49152/callback";
  if (scenario.client.contains("options")) {
    setup.options = scenario.client["options"];
  }
  return setup;
}

}  // namespace scenarios
