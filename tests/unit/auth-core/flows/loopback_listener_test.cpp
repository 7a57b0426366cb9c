#include "flows/loopback_listener.hpp"

#include <algorithm>
#include <array>
#include <thread>
#include <vector>

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

/// A connection that says no more than it is told to.
class Caller {
 public:
  Caller() : socket_{socket(AF_INET, SOCK_STREAM, 0)} {}
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;
  ~Caller() { close(socket_); }

  bool call(int port, const std::string& text) const {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    return connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 && say(text);
  }
  bool say(const std::string& text) const {
    return send(socket_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
  }
  /// What comes next; "" once the other side has closed.
  std::string hear_some() const {
    std::array<char, 4096> chunk{};
    const ssize_t count = recv(socket_, chunk.data(), chunk.size(), 0);
    return {chunk.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))};
  }
  /// All that comes until then.
  std::string hear() const {
    std::string heard;
    for (std::string more = hear_some(); !more.empty(); more = hear_some()) {
      heard += more;
    }
    return heard;
  }

 private:
  int socket_;
};

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

// Browsers open spare connections, and send nothing on them; others are slow on purpose.
TEST_F(LoopbackListenerTest, IsHeldUpByNoConnectionThatIsIdleOrSlow) {
  for (const char* begun : {"", "GET /cb?code=c&state=", "POST /cb HTTP/1.1\r\nContent-Length: 9\r\n\r\n1"}) {
    auto listener = open();
    std::vector<Caller> callers(8);
    for (const Caller& caller : callers) {
      ASSERT_TRUE(caller.call(listener->port(), begun));
    }
    EXPECT_EQ(browse(*listener, "/cb?code=c&state=state-1").status, 200) << "as soon as it comes";
    listener.reset();
    for (const Caller& caller : callers) {
      caller.hear();  // to the end: they are not left waiting
    }
  }
}

TEST_F(LoopbackListenerTest, LetsNoNumberOfIdleConnectionsKeepTheBrowserOut) {
  const auto listener = open();
  std::vector<Caller> callers(100);
  for (const Caller& caller : callers) {
    ASSERT_TRUE(caller.call(listener->port(), ""));
  }
  EXPECT_EQ(browse(*listener, "/cb?code=c&state=state-1").status, 200);
  EXPECT_EQ(callers.front().hear(), "") << "whoever has waited longest makes room";
}

TEST_F(LoopbackListenerTest, AnswersWhatIsNoRequestAndWhatComesInPieces) {
  const auto listener = open();
  const Caller garbage;
  ASSERT_TRUE(garbage.call(listener->port(), "hello\r\n\r\n"));
  EXPECT_THAT(garbage.hear(), testing::StartsWith("HTTP/1.1 400 "));
  const Caller endless;
  ASSERT_TRUE(endless.call(listener->port(), "GET /" + std::string(70'000, 'x')));
  EXPECT_THAT(endless.hear(), testing::StartsWith("HTTP/1.1 431 "));
  const Caller slow;
  ASSERT_TRUE(slow.call(listener->port(), "GET /cb?code=c&st"));
  ASSERT_TRUE(slow.say("ate=state-1 HTTP/1.1\r\nHost: x\r"));
  ASSERT_TRUE(slow.say("\n\r\n"));
  EXPECT_THAT(slow.hear(), testing::StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(listener->wait(clock_, 60s, {}).value().get("code"), "c");
}

TEST_F(LoopbackListenerTest, SendsALongPageToItsEndThoughItIsOverMeanwhile) {
  const std::string page(1'000'000, 'p');
  auto listener = open(page);
  const Caller browser;
  ASSERT_TRUE(browser.call(listener->port(), "GET /cb?code=c&state=state-1 HTTP/1.1\r\n\r\n"));
  const std::string begun = browser.hear_some();
  std::jthread end{[&] { listener.reset(); }};
  const std::string reply = begun + browser.hear();
  EXPECT_TRUE(reply.ends_with("\r\n\r\n" + page)) << reply.size() << " bytes came";
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
