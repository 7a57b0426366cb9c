#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mockserver/direct_transport.hpp"
#include "mockserver/exchange_line.hpp"
#include "mockserver/issuers.hpp"
#include "mockserver/server.hpp"
#include "mockserver/serving.hpp"
#include "oidc/clean_text.hpp"
#include "oidc/clock.hpp"
#include "oidc/http_client.hpp"
#include "oidc/json.hpp"

/// Fixtures for GoogleTest (docs/mock-server-cpp.md). The only header that needs it; link GTest::gtest beside
/// assay::mock_server.
namespace mockserver {

/// A new issuer for each test, under a clock that stands still until something sleeps on it or moves it. At the end the
/// test fails unless the script was used up and every request had an endpoint. One that failed shows what was asked and
/// replied. Not for itself: `IssuerTest` has no
/// port, `ServedIssuerTest` has one.
class IssuerFixture : public ::testing::Test {
 protected:
  /// Override: what is laid over the default issuer (`parse_issuer_config`).
  virtual oidc::Json config() const { return oidc::Json::object(); }
  /// How the client under test reaches the issuer.
  virtual oidc::HttpTransport& transport() = 0;

  Issuer& issuer() { return *issuer_; }
  /// The issuer identifier.
  std::string url() const { return issuer_->base_url(); }
  oidc::VirtualClock& clock() { return clock_; }

  /// Adds a step to the script, in its JSON form (docs/issuer-scripts.md). Throws `oidc::Failure` if it is none.
  void misbehave(const oidc::Json& step) {
    issuer_->script().add(parse_step(step, issuer_->script().states().size() + 1).value());
  }
  /// What came to an endpoint ("" for all), in order, without secrets.
  std::vector<Exchange> requests(std::string_view endpoint = "") const {
    auto exchanges = issuer_->journal().exchanges();
    std::erase_if(exchanges, [&](const Exchange& one) { return !endpoint.empty() && one.endpoint != endpoint; });
    return exchanges;
  }

  void SetUp() override {
    issuers_.emplace(origin());
    auto parsed = parse_issuer_config(config());
    ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
    issuer_ = issuers_->create("test", *std::move(parsed), clock_).value();
  }
  void TearDown() override {
    const oidc::Json verdict = issuer_ ? issuer_->verdict() : oidc::Json::object();
    EXPECT_TRUE(verdict.value("as_expected", false)) << "the issuer's verdict: " << oidc::to_pretty_text(verdict);
    if (issuer_ && HasFailure()) {
      oidc::say(stdout, "journal of the issuer:\n" + to_lines(requests()));
    }
  }

  /// Where the issuers are; asked once for each test, before there is one.
  virtual std::string origin() = 0;
  Issuers& issuers() { return *issuers_; }

 private:
  static constexpr oidc::TimePoint kStart = std::chrono::sys_days{std::chrono::January / 1 / 2030};

  oidc::VirtualClock clock_{kStart};
  oidc::VirtualClock::Actor test_{clock_};  // what the test's thread waits for comes at once
  std::optional<Issuers> issuers_;
  std::shared_ptr<Issuer> issuer_;
};

/// For clients that take an `oidc::HttpTransport`: no port, no socket.
class IssuerTest : public IssuerFixture {
 protected:
  oidc::HttpTransport& transport() override { return *transport_; }
  std::string origin() override { return "https://issuer.test"; }
  void SetUp() override {
    IssuerFixture::SetUp();
    transport_.emplace(issuers(), clock());
  }

 private:
  std::optional<DirectTransport> transport_;
};

/// For any client: the issuer listens on a free port of 127.0.0.1, over http.
class ServedIssuerTest : public IssuerFixture {
 protected:
  oidc::HttpTransport& transport() override { return client_; }
  std::string origin() override {
    server_ = Server::start({}, [this](const oidc::HttpRequest& request) { return answer(request); }).value();
    return server_->origin();
  }
  void SetUp() override {
    IssuerFixture::SetUp();
    ready_ = &issuers();
  }
  void TearDown() override {
    server_.reset();  // first, so that no request is under way when the verdict is given
    IssuerFixture::TearDown();
  }

 private:
  ServedReply answer(const oidc::HttpRequest& request) const {
    const Issuers* const issuers = ready_;
    return issuers != nullptr ? issuer_handler(*issuers)(request) : ServedReply{{{503, {}, ""}, {}}};
  }

  std::atomic<const Issuers*> ready_{};  // the port is open before its issuer exists
  std::unique_ptr<Server> server_;
  oidc::HttpClient client_;
};

}  // namespace mockserver
