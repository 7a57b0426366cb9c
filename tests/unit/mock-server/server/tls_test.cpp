#include <gtest/gtest.h>

#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "mockserver/server.hpp"
#include "oidc/http_client.hpp"
#include "oidc/openssl.hpp"
#include "raw_client.hpp"

namespace mockserver {
namespace {

using testing_support::RawClient;

ServedReply echo(const oidc::HttpRequest& request) {
  return {.reply = {.response = {.status = 200, .headers = {}, .body = request.url + request.body}, .delivery = {}}};
}

oidc::HttpRequest get(std::string url) {
  return {.method = "GET", .url = std::move(url), .headers = {}, .body = ""};
}

TlsIdentity make_identity() {
  auto identity = make_tls_identity();
  return identity ? *std::move(identity) : throw std::runtime_error{identity.error().message};
}

/// A folder of the test's own, gone with it.
class TlsTest : public ::testing::Test {
 protected:
  TlsTest() {
    std::string pattern = ::testing::TempDir() + "assay-tls-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~TlsTest() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream{folder_ / name} << text;
    return folder_ / name;
  }

  std::filesystem::path folder_;
};

class HttpsTest : public TlsTest {
 protected:
  HttpsTest() : identity_{std::make_shared<TlsIdentity>(make_identity())} {}

  std::unique_ptr<Server> start(Handler handler, const std::string& host = "127.0.0.1") {
    auto server = Server::start({.host = host, .tls = identity_}, std::move(handler));
    return server ? *std::move(server) : throw std::runtime_error{server.error().message};
  }
  oidc::HttpClient client_trusting(const TlsIdentity& identity) {
    return oidc::HttpClient{{.ca_file = write("ca.pem", identity.ca_pem)}};
  }

  std::shared_ptr<TlsIdentity> identity_;
};

TEST_F(HttpsTest, AClientThatTrustsTheCaIsServed) {
  const auto server = start(echo);
  EXPECT_EQ(server->origin(), "https://127.0.0.1:" + std::to_string(server->port()));
  auto client = client_trusting(*identity_);
  for (const char* path : {"/first", "/second"}) {
    const auto response = client.send({.method = "POST", .url = server->origin() + path, .headers = {}, .body = "!"});
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->body, server->origin() + path + "!");
  }
}

TEST_F(HttpsTest, TheCertificateAlsoNamesLocalhost) {
  const auto server = start(echo, "localhost");
  const auto response = client_trusting(*identity_).send(get(server->origin() + "/"));
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->body, "https://localhost:" + std::to_string(server->port()) + "/");
}

TEST_F(HttpsTest, AClientThatTrustsAnotherCaRefuses) {
  const auto server = start(echo);
  const auto response = client_trusting(make_identity()).send(get(server->origin() + "/"));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, oidc::Errc::kTls);
}

TEST_F(HttpsTest, ADroppedReplyIsANetworkError) {
  const auto server = start([](const oidc::HttpRequest& request) {
    auto reply = echo(request);
    reply.reply.delivery.fault = Fault::kReset;
    return reply;
  });
  const auto response =
      client_trusting(*identity_).send({.method = "POST", .url = server->origin() + "/", .headers = {}, .body = ""});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, oidc::Errc::kNetwork);
  EXPECT_FALSE(response.error().definite);
}

TEST_F(HttpsTest, PlainHttpEndsThatConnectionOnly) {
  const auto server = start(echo);
  RawClient plain{server->port()};
  plain.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  plain.await_end();
  EXPECT_EQ(plain.unread().find("HTTP"), std::string::npos);
  EXPECT_TRUE(client_trusting(*identity_).send(get(server->origin() + "/")));
}

TEST_F(HttpsTest, StopsWithAHandshakeInProgress) {
  auto server = start(echo);
  RawClient silent{server->port()};
  ASSERT_TRUE(client_trusting(*identity_).send(get(server->origin() + "/")));
  server.reset();
  silent.await_end();
  EXPECT_EQ(silent.unread(), "");
}

TEST(TlsIdentity, PassesStrictVerification) {
  const auto identity = make_identity();
  const auto parse = [](const std::string& pem) {
    const oidc::Bio bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    return oidc::X509Certificate{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)};
  };
  const auto ca = parse(identity.ca_pem);
  const auto certificate = parse(identity.certificate_pem);
  const std::unique_ptr<X509_STORE, oidc::OpenSslDeleter<X509_STORE_free>> store{X509_STORE_new()};
  X509_STORE_add_cert(store.get(), ca.get());
  // What Python's ssl.create_default_context() sets from 3.13 on.
  X509_STORE_set_flags(store.get(), X509_V_FLAG_X509_STRICT | X509_V_FLAG_PARTIAL_CHAIN);
  const std::unique_ptr<X509_STORE_CTX, oidc::OpenSslDeleter<X509_STORE_CTX_free>> context{X509_STORE_CTX_new()};
  X509_STORE_CTX_init(context.get(), store.get(), certificate.get(), nullptr);
  X509_STORE_CTX_set_purpose(context.get(), X509_PURPOSE_SSL_SERVER);
  EXPECT_EQ(X509_verify_cert(context.get()), 1)
      << X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()));
}

TEST(TlsIdentity, IsNewEachTime) {
  EXPECT_NE(make_identity().key_pem, make_identity().key_pem);
}

TEST_F(TlsTest, LoadsAnIdentityFromFiles) {
  const auto made = make_identity();
  const auto loaded =
      load_tls_identity(write("cert.pem", made.certificate_pem + made.ca_pem), write("key.pem", made.key_pem));
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->certificate_pem, made.certificate_pem + made.ca_pem);
  EXPECT_EQ(loaded->key_pem, made.key_pem);
}

TEST_F(TlsTest, SaysWhichFileIsWrong) {
  const auto made = make_identity();
  const auto certificate = write("cert.pem", made.certificate_pem);
  const auto key = write("key.pem", made.key_pem);
  const auto other_key = write("other.pem", make_identity().key_pem);
  const auto text = write("text.pem", "hello");
  const std::string missing = folder_ / "missing.pem";
  const auto message = [](const std::string& certificate_file, const std::string& key_file) {
    const auto loaded = load_tls_identity(certificate_file, key_file);
    return loaded ? "" : std::string{to_string(loaded.error().code)} + " " + loaded.error().message;
  };
  EXPECT_EQ(message(missing, key), "bad_input " + missing + ": cannot be read");
  EXPECT_EQ(message(certificate, missing), "bad_input " + missing + ": cannot be read");
  EXPECT_EQ(message(folder_, key), "bad_input " + folder_.string() + ": cannot be read");
  EXPECT_EQ(message(text, key), "bad_input " + text + ": holds no certificate in PEM");
  EXPECT_EQ(message(certificate, certificate),
            "bad_input " + certificate + ": holds no private key in PEM without a passphrase");
  EXPECT_EQ(message(certificate, other_key),
            "bad_input " + other_key + ": is not the key of the certificate in " + certificate);
}

}  // namespace
}  // namespace mockserver
