#include "server_file.hpp"

#include <gmock/gmock.h>

namespace cli {
namespace {

using ::testing::HasSubstr;

ServerFile file_of(const std::string& yaml) {
  ServerFile file{.name = "server.yaml", .document = scenarios::read_yaml(yaml)};
  file.of_server = mockserver::is_server_config(file.document.value);
  if (file.of_server) {
    file.config = mockserver::read_server_config(file.document.value);
  }
  return file;
}

/// The algorithm by which the tests tell issuers apart; "none" where the file says nothing.
std::string algorithm_at(const ServerFile& file, const std::string& url) {
  const auto body = issuer_at(file, url);
  return body ? body->value(oidc::Json::json_pointer{"/config/signing_alg"}, "none") : body.error().message;
}

TEST(IssuerAt, IsTheOneOfThePathsName) {
  const auto file = file_of("issuers: {main: {config: {signing_alg: ES256}}, other: {config: {signing_alg: EdDSA}}}");
  EXPECT_EQ(algorithm_at(file, "http://127.0.0.1:18085/main"), "ES256");
  EXPECT_EQ(algorithm_at(file, "http://127.0.0.1:18085/other"), "EdDSA");
}

TEST(IssuerAt, IsTheOneAtTheRootForAUrlWithoutPath) {
  const auto file =
      file_of("issuers: {a: {config: {signing_alg: ES256}}, b: {at_root: true, config: {signing_alg: PS256}}}");
  EXPECT_EQ(algorithm_at(file, "https://login.example"), "PS256");
}

TEST(IssuerAt, IsTheOnlyOneWhateverTheUrl) {
  const auto file = file_of("issuers: {main: {config: {signing_alg: ES256}}}");
  EXPECT_EQ(algorithm_at(file, "https://login.example"), "ES256");
  EXPECT_EQ(algorithm_at(file, "https://login.example/tenant/1"), "ES256");
}

TEST(IssuerAt, ANameThatNoneOfSeveralHasIsToldWithTheNearest) {
  const auto file = file_of("issuers: {main: {}, flaky: {}}");
  const auto unknown = issuer_at(file, "https://login.example/flakey");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, oidc::Errc::kInvalidArgument);
  EXPECT_EQ(unknown.error().message, "--issuer: server.yaml has no issuer \"flakey\"; did you mean \"flaky\"?");
  EXPECT_THAT(issuer_at(file, "https://login.example/elsewhere").error().message,
              HasSubstr("no issuer \"elsewhere\" (there are: flaky, main)"));
}

TEST(IssuerAt, IsAnEmptyOneWhereTheServerMakesThem) {
  const auto file = file_of("server: {auto_issuers: true}\nissuers: {main: {config: {signing_alg: ES256}}}");
  EXPECT_EQ(algorithm_at(file, "https://login.example/new"), "none");
  EXPECT_EQ(algorithm_at(file, "https://login.example/main"), "ES256");
  EXPECT_EQ(algorithm_at(file_of("defaults: {signing_alg: ES256}"), "https://login.example/main"), "none");
}

TEST(IssuerAt, OfOneIssuersFileIsThatIssuer) {
  EXPECT_EQ(algorithm_at(file_of("signing_alg: ES256"), "https://login.example/any"), "ES256");
}

}  // namespace
}  // namespace cli
