#include "mockserver/server.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tls_client.hpp"

namespace mockserver {
namespace {

using testing_support::TlsClient;

class HandshakesTest : public ::testing::Test {
 protected:
  HandshakesTest() {
    auto server = Server::start({.tls = identity_}, [](const oidc::HttpRequest&) { return ServedReply{}; });
    server_ = server ? *std::move(server) : throw std::runtime_error{server.error().message};
  }
  void script(TlsFault fault, std::optional<std::size_t> times = 1) {
    const auto scripted = server_->script_handshakes(fault, times);
    EXPECT_TRUE(scripted) << scripted.error().message;
  }
  /// OpenSSL's verdict on the server's certificate; -1 if it never came.
  long verification() {
    TlsClient client{server_->port()};
    const bool done = client.shake_hands(identity_->ca_pem);
    return done || client.verification() != X509_V_OK ? client.verification() : -1;
  }
  std::string certificate() {
    TlsClient client{server_->port()};
    return client.shake_hands(identity_->ca_pem) ? client.certificate() : "";
  }

  std::shared_ptr<const TlsIdentity> identity_ = std::make_shared<const TlsIdentity>(make_tls_identity().value());
  std::unique_ptr<Server> server_;
};

TEST_F(HandshakesTest, AnExpiredCertificateIsOneForOneHandshake) {
  script(TlsFault::kExpired);
  EXPECT_EQ(verification(), X509_V_ERR_CERT_HAS_EXPIRED);
  EXPECT_EQ(verification(), X509_V_OK);
}

TEST_F(HandshakesTest, AWrongNameIsNothingElse) {
  script(TlsFault::kWrongName);
  EXPECT_EQ(verification(), X509_V_ERR_IP_ADDRESS_MISMATCH);
  EXPECT_EQ(verification(), X509_V_OK);
}

TEST_F(HandshakesTest, AnUntrustedCertificateIsOfAnotherAuthority) {
  script(TlsFault::kUntrusted);
  EXPECT_EQ(verification(), X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
  EXPECT_EQ(verification(), X509_V_OK);
}

TEST_F(HandshakesTest, AnAbortedHandshakeIsAReset) {
  script(TlsFault::kAbort);
  TlsClient client{server_->port()};
  EXPECT_FALSE(client.shake_hands(identity_->ca_pem));
  EXPECT_EQ(client.error(), ECONNRESET);
  EXPECT_EQ(verification(), X509_V_OK);
}

TEST_F(HandshakesTest, ASwappedCertificateIsGoodAndAnother) {
  const std::string before = certificate();
  script(TlsFault::kSwap, std::nullopt);
  const std::string after = certificate();
  EXPECT_FALSE(after.empty());
  EXPECT_NE(after, before);
  EXPECT_EQ(certificate(), after) << "it stays";
  script(TlsFault::kNone);
  EXPECT_EQ(certificate(), before) << "until it is taken back";
}

TEST_F(HandshakesTest, FaultsComeOneAfterTheOther) {
  script(TlsFault::kExpired, 2);
  script(TlsFault::kWrongName);
  EXPECT_EQ(verification(), X509_V_ERR_CERT_HAS_EXPIRED);
  EXPECT_EQ(verification(), X509_V_ERR_CERT_HAS_EXPIRED);
  EXPECT_EQ(verification(), X509_V_ERR_IP_ADDRESS_MISMATCH);
  EXPECT_EQ(verification(), X509_V_OK);
}

TEST(Handshakes, AGivenCertificateHasNoAuthorityToSignAnother) {
  TlsIdentity given = make_tls_identity().value();
  given.ca_key_pem.clear();
  const auto server = Server::start({.tls = std::make_shared<const TlsIdentity>(given)}, [](const oidc::HttpRequest&) {
                        return ServedReply{};
                      }).value();
  EXPECT_EQ(server->script_handshakes(TlsFault::kExpired, 1).error().code, oidc::Errc::kInvalidArgument);
  EXPECT_TRUE(server->script_handshakes(TlsFault::kAbort, 1));
  EXPECT_TRUE(server->script_handshakes(TlsFault::kUntrusted, 1));
}

TEST(Handshakes, PlainHttpHasNone) {
  const auto server = Server::start({}, [](const oidc::HttpRequest&) { return ServedReply{}; }).value();
  EXPECT_EQ(server->script_handshakes(TlsFault::kAbort, 1).error().code, oidc::Errc::kInvalidArgument);
}

}  // namespace
}  // namespace mockserver
