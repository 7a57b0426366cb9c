// What browsers and clients have begun: sessions, pushed requests, registrations.

#include <utility>

#include "stores/state_json.hpp"

namespace mockserver {
namespace {

using oidc::Json;

Json question_to_json(const Question& question) {
  return {{"id", question.id},
          {"purpose", static_cast<int>(question.purpose)},
          {"browser", question.browser},
          {"request", question.request},
          {"login", question.login ? login_to_json(*question.login) : Json{}}};
}

Question question_from(const Json& json) {
  Question question;
  question.id = json.at("id");
  const int purpose = json.at("purpose").get<int>();
  question.purpose = purpose == 0 ? Purpose::kAuthorize : purpose == 1 ? Purpose::kDevice : Purpose::kLogout;
  question.browser = json.at("browser");
  question.request = json.at("request");
  if (!json.at("login").is_null()) {
    question.login = login_from(json.at("login"));
  }
  return question;
}

}  // namespace

Json login_to_json(const Login& login) {
  return {{"sub", login.sub}, {"auth_time", time_to_json(login.auth_time)}, {"acr", login.acr}, {"amr", login.amr}};
}

Login login_from(const Json& json) {
  return {json.at("sub"), time_from(json.at("auth_time")), json.at("acr"),
          json.at("amr").get<std::vector<std::string>>()};
}

Json to_json(const BrowserStore::State& state) {
  Json logins = Json::array();
  for (const auto& [browser, login] : state.logins) {
    logins.push_back({{"browser", browser}, {"login", login_to_json(login)}});
  }
  Json questions = Json::array();
  for (const Question& question : state.questions) {
    questions.push_back(question_to_json(question));
  }
  Json consents = Json::array();
  for (const auto& [who, scopes] : state.consents) {
    consents.push_back({{"sub", who.first}, {"client", who.second}, {"scopes", scopes}});
  }
  return {{"logins", std::move(logins)}, {"questions", std::move(questions)}, {"consents", std::move(consents)}};
}

BrowserStore::State browsers_from(const Json& json) {
  BrowserStore::State state;
  for (const Json& entry : json.at("logins")) {
    state.logins.emplace_back(entry.at("browser").get<std::string>(), login_from(entry.at("login")));
  }
  for (const Json& entry : json.at("questions")) {
    state.questions.push_back(question_from(entry));
  }
  for (const Json& entry : json.at("consents")) {
    state.consents[{entry.at("sub").get<std::string>(), entry.at("client").get<std::string>()}] =
        entry.at("scopes").get<std::set<std::string>>();
  }
  return state;
}

Json to_json(const PushedStore::State& state) {
  Json requests = Json::object();  // by name, so that the same state is the same text
  for (const auto& [uri, request] : state.requests) {
    requests[uri] = {{"client", request.client},
                     {"form", request.form.encode()},
                     {"expires_at", time_to_json(request.expires_at)},
                     {"used", request.used}};
  }
  return requests;
}

PushedStore::State pushed_from(const Json& json) {
  PushedStore::State state;
  for (const auto& [uri, entry] : json.items()) {
    state.requests.emplace(uri, PushedRequest{.client = entry.at("client"),
                                              .form = oidc::parse_form(entry.at("form").get<std::string>()).value(),
                                              .expires_at = time_from(entry.at("expires_at")),
                                              .used = entry.at("used")});
  }
  return state;
}

Json to_json(const RegistrationStore::State& state) {
  Json registrations = Json::object();
  for (const auto& [client, registration] : state.registrations) {
    registrations[client] = {{"token", registration.token},
                             {"issued_at", time_to_json(registration.issued_at)},
                             {"metadata", registration.metadata}};
  }
  return registrations;
}

RegistrationStore::State registrations_from(const Json& json) {
  RegistrationStore::State state;
  for (const auto& [client, entry] : json.items()) {
    state.registrations.emplace(
        client, Registration{entry.at("token"), time_from(entry.at("issued_at")), entry.at("metadata")});
  }
  return state;
}

}  // namespace mockserver
