#pragma once

#include <string>

#include "issuer_fixture.hpp"

namespace mockserver::test {

/// An issuer with pages, and a browser that keeps the issuer's cookie.
class BrowserTest : public IssuerTest {
 protected:
  void SetUp() override { start_with_pages(oidc::Json::object()); }
  void start_with_pages(oidc::Json more) {
    oidc::Json overlay = {{"interaction", "form"},
                          {"users",
                           {{{"sub", "ann"}, {"password", "pa ss&word"}, {"acr", "urn:gold"}},
                            {{"sub", "bob"}},
                            {{"sub", "nay"}, {"denies", true}}}}};
    overlay.merge_patch(more);
    start(overlay);
  }

  static oidc::Form with(const oidc::Form& more) {
    auto form = authorization();
    for (const auto& [name, value] : more) {
      form.set(name, value);
    }
    return form;
  }

  Reply open(const std::string& path) { return keep(get(path, cookies())); }
  Reply submit(const std::string& path, const oidc::Form& form, const oidc::Headers& more = {}) {
    oidc::Headers headers = cookies();
    for (const auto& [name, value] : more) {
      headers.add(name, value);
    }
    return keep(post(path, form, headers));
  }
  Reply start_login(const oidc::Form& more = {}) { return open("/authorize?" + with(more).encode()); }

  /// Sends the form of a page back: its hidden field, and what the person filled in and pressed.
  Reply answer(const Reply& page, const std::string& action, oidc::Form filled_in = {},
               const std::string& path = "/authorize") {
    filled_in.add("interaction", hidden_field(page));
    filled_in.add("action", action);
    return submit(path, filled_in);
  }
  Reply sign_in(const Reply& page, const std::string& user, const std::string& password = "",
                const std::string& path = "/authorize") {
    return answer(page, "login", {{"username", user}, {"password", password}}, path);
  }

  static std::string hidden_field(const Reply& page) {
    static const std::string kBefore = "name=\"interaction\" value=\"";
    const auto begin = page.response.body.find(kBefore);
    if (begin == std::string::npos) {
      ADD_FAILURE() << "no page with a question: " << page.response.status << " " << page.response.body;
      return "";
    }
    const auto end = page.response.body.find('"', begin + kBefore.size());
    return page.response.body.substr(begin + kBefore.size(), end - begin - kBefore.size());
  }
  static std::string title_of(const Reply& page) {
    const auto begin = page.response.body.find("<h1>") + 4;
    return page.response.body.substr(begin, page.response.body.find("</h1>") - begin);
  }

  std::string cookie_;

 private:
  oidc::Headers cookies() const { return cookie_.empty() ? oidc::Headers{} : oidc::Headers{{"Cookie", cookie_}}; }
  Reply keep(Reply reply) {
    if (const auto set = reply.response.headers.get("Set-Cookie")) {
      cookie_ = set->substr(0, set->find(';'));
    }
    return reply;
  }
};

}  // namespace mockserver::test
