#include "flows/loopback_listener.hpp"

#include <thread>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client_world.hpp"
#include "judges.hpp"
#include "oidc/http_client.hpp"

namespace authcore {
namespace {

using namespace std::chrono_literals;
using oidc::Errc;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::judges;
using testing::HasSubstr;
using testing::Not;

class LoopbackListenerTest : public test::ClientWorld {
 protected:
  std::unique_ptr<LoopbackListener> open(std::string page = "", int port = 0) {
    return LoopbackListener::open({.redirect = {"127.0.0.1", port, "/cb"}, .state = "state-1", .page = page}).value();
  }
  oidc::HttpResponse browse(const LoopbackListener& listener, const std::string& target,
                            const std::string& method = "GET") {
    return browser_.send({method, "http://127.0.0.1:" + std::to_string(listener.port()) + target, {}, ""}).value();
  }

  oidc::HttpClient browser_;
};

TEST_F(LoopbackListenerTest, ReturnsTheParametersOfTheRedirect) {
  judges({"AUTHZ-006"});
  const auto listener = open();
  EXPECT_EQ(browse(*listener, "/cb?code=c%2F1&state=state-1").status, 200);
  const auto parameters = listener->wait(clock_, 60s, {});
  ASSERT_THAT(parameters, IsOk());
  EXPECT_EQ(parameters->get("code"), "c/1");
  EXPECT_EQ(elapsed(), 0s);
}

TEST_F(LoopbackListenerTest, IsWokenByARedirectInTheMiddleOfItsWait) {
  const auto listener = open();
  auto browser_actor = std::make_unique<oidc::VirtualClock::Actor>(clock_);
  std::jthread browser{[&] {
    clock_.sleep_for(10s);
    browse(*listener, "/cb?code=c&state=state-1");
    browser_actor.reset();
  }};
  EXPECT_THAT(listener->wait(clock_, 60s, {}), IsOk());
  EXPECT_EQ(elapsed(), 10s);
}

struct Stray {
  const char* name;
  const char* method;
  const char* target;
  int status;
};
void PrintTo(const Stray& c, std::ostream* out) {
  *out << c.name;
}
class StrayRequest : public LoopbackListenerTest, public testing::WithParamInterface<Stray> {};

TEST_P(StrayRequest, IsTurnedAwayAndDoesNotEndTheWait) {
  judges({"AUTHZ-009", "AUTHZ-010", "W-35", "A-13"});
  const auto listener = open();
  EXPECT_EQ(browse(*listener, GetParam().target, GetParam().method).status, GetParam().status);
  EXPECT_EQ(browse(*listener, "/cb?code=real&state=state-1").status, 200);
  EXPECT_EQ(listener->wait(clock_, 60s, {}).value().get("code"), "real");
}

INSTANTIATE_TEST_SUITE_P(W35, StrayRequest,
                         testing::Values(Stray{"favicon", "GET", "/favicon.ico", 404}, Stray{"root", "GET", "/", 404},
                                         Stray{"longer_path", "GET", "/cb2?code=x&state=state-1", 404},
                                         Stray{"sub_path", "GET", "/cb/?code=x&state=state-1", 404},
                                         Stray{"head", "HEAD", "/cb?code=x&state=state-1", 400},
                                         Stray{"post", "POST", "/cb?code=x&state=state-1", 400},
                                         Stray{"no_query", "GET", "/cb", 400},
                                         Stray{"no_state", "GET", "/cb?code=x", 400},
                                         Stray{"wrong_state", "GET", "/cb?code=x&state=state-2", 400},
                                         Stray{"error_without_state", "GET", "/cb?error=access_denied", 400},
                                         Stray{"state_twice", "GET", "/cb?code=x&state=state-1&state=state-1", 400},
                                         Stray{"broken_escape", "GET", "/cb?code=%zz&state=state-1", 400}),
                         [](const auto& tested) { return tested.param.name; });

TEST_F(LoopbackListenerTest, TakesTheFirstRedirectOnly) {
  const auto listener = open();
  EXPECT_EQ(browse(*listener, "/cb?code=first&state=state-1").status, 200);
  EXPECT_EQ(browse(*listener, "/cb?code=second&state=state-1").status, 400);
  EXPECT_EQ(listener->wait(clock_, 60s, {}).value().get("code"), "first");
}

TEST_F(LoopbackListenerTest, AnswersWithAPageThatKeepsTheCodeToItself) {
  judges({"AUTHZ-012"});
  const auto listener = open();
  const oidc::HttpResponse page = browse(*listener, "/cb?code=the-code&state=state-1");
  EXPECT_EQ(oidc::media_type(page.headers), "text/html");
  EXPECT_EQ(page.headers.get("Cache-Control"), "no-store");
  EXPECT_EQ(page.headers.get("Referrer-Policy"), "no-referrer");
  EXPECT_THAT(page.headers.get("Content-Security-Policy").value_or(""), HasSubstr("default-src 'none'"));
  EXPECT_THAT(page.body, Not(HasSubstr("the-code")));
  EXPECT_THAT(page.body, Not(HasSubstr("state-1")));
  EXPECT_THAT(page.body, Not(HasSubstr("http")));
}

TEST_F(LoopbackListenerTest, TellsStraysNothingAboutTheState) {
  const auto listener = open();
  EXPECT_THAT(browse(*listener, "/cb?code=x&state=no").body, Not(HasSubstr("state-1")));
}

TEST_F(LoopbackListenerTest, AnswersTheRedirectOfAnErrorWithTheSamePage) {
  judges({"AUTHZ-012"});
  const auto listener = open("<p>Thanks</p>");
  const oidc::HttpResponse page = browse(*listener, "/cb?error=access_denied&state=state-1");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(oidc::media_type(page.headers), "text/html");
  EXPECT_EQ(page.body, "<p>Thanks</p>");
  EXPECT_EQ(listener->wait(clock_, 60s, {}).value().get("error"), "access_denied");
}

TEST_F(LoopbackListenerTest, IsNotReachedOnAnotherAddressOfThisMachine) {
  judges({"AUTHZ-007"});
  const auto listener = open();
  const std::string url = "http://127.0.0.2:" + std::to_string(listener->port()) + "/cb?code=c&state=state-1";
  EXPECT_THAT(browser_.send({"GET", url, {}, ""}), FailsWith(Errc::kConnectFailed));
}

TEST_F(LoopbackListenerTest, ListensOnThePortItIsTold) {
  judges({"AUTHZ-007"});
  auto first = open();
  const int port = first->port();
  first.reset();
  const auto second = open("", port);
  EXPECT_EQ(second->port(), port);
  EXPECT_EQ(browse(*second, "/cb?code=c&state=state-1").status, 200);
}

TEST_F(LoopbackListenerTest, StopsInTheMiddleOfItsWaitWhenCancelled) {
  judges({"W-52"});
  const auto listener = open();
  auto canceller = std::make_unique<oidc::VirtualClock::Actor>(clock_);
  std::jthread later{[&] {
    clock_.sleep_for(7s);
    stop_.request_stop();
    canceller.reset();
  }};
  EXPECT_THAT(listener->wait(clock_, 60s, stop_.get_token()), FailsWith(Errc::kCancelled));
  EXPECT_EQ(elapsed(), 7s);
}

TEST_F(LoopbackListenerTest, ShowsThePageItIsGiven) {
  const auto listener = open("<p>Thanks</p>");
  EXPECT_EQ(browse(*listener, "/cb?code=x&state=state-1").body, "<p>Thanks</p>");
}

TEST_F(LoopbackListenerTest, GivesUpAfterTheTimeout) {
  judges({"AUTHZ-011"});
  const auto listener = open();
  EXPECT_THAT(listener->wait(clock_, 60s, {}), FailsWith(Errc::kTimeout));
  EXPECT_EQ(elapsed(), 60s);
}

TEST_F(LoopbackListenerTest, StopsWhenCancelled) {
  judges({"W-52"});
  const auto listener = open();
  stop_.request_stop();
  EXPECT_THAT(listener->wait(clock_, 60s, stop_.get_token()), FailsWith(Errc::kCancelled));
  EXPECT_EQ(elapsed(), 0s);
}

TEST_F(LoopbackListenerTest, NamesAPortThatIsInUse) {
  judges({"AUTHZ-016"});
  const auto first = open();
  const auto second =
      LoopbackListener::open({.redirect = {"127.0.0.1", first->port(), "/cb"}, .state = "s", .page = ""});
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, Errc::kConfig);
  EXPECT_THAT(second.error().message, HasSubstr(std::to_string(first->port())));
}

// Browsers open spare connections, and send nothing on them.
TEST_F(LoopbackListenerTest, EndsWithTheIdleConnectionsThatItHas) {
  auto listener = open();
  const int idle = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(listener->port()));
  ASSERT_EQ(connect(idle, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(browse(*listener, "/cb?code=c&state=state-1").status, 200);
  listener.reset();
  char byte = 0;
  EXPECT_EQ(recv(idle, &byte, 1, 0), 0);
  close(idle);
}

TEST_F(LoopbackListenerTest, FreesThePortWhenItEnds) {
  judges({"W-52"});
  auto first = open();
  const int port = first->port();
  first.reset();
  EXPECT_EQ(open("", port)->port(), port);
}

}  // namespace
}  // namespace authcore
