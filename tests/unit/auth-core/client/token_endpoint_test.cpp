#include "client/token_endpoint.hpp"

#include <ostream>

#include "client_world.hpp"
#include "judges.hpp"

namespace authcore {
namespace {

using oidc::Errc;
using oidc::Json;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::json_reply;
using oidc::test::judges;

oidc::Result<Json> read(const Json& body) {
  return read_token_response({}, json_reply(200, body), test::kStart);
}
Json with(const std::string& name, const Json& value) {
  Json response = test::token_response();
  response[name] = value;
  return response;
}

struct MalformedCase {
  const char* name;
  const char* member;
  Json value;
};
void PrintTo(const MalformedCase& c, std::ostream* out) {
  *out << c.name;
}
class MalformedTokenResponse : public testing::TestWithParam<MalformedCase> {};

TEST_P(MalformedTokenResponse, IsRefusedAsIndefinite) {
  judges({"TOK-009", "TOK-011", "W-50"});
  const auto result = read(with(GetParam().member, GetParam().value));
  ASSERT_THAT(result, FailsWith(Errc::kMalformedResponse));
  EXPECT_EQ(result.error().http_status, 200);
  EXPECT_FALSE(result.error().definite) << "the grant was honoured";
}

INSTANTIATE_TEST_SUITE_P(Rfc6749Section51, MalformedTokenResponse,
                         testing::Values(MalformedCase{"no_access_token", "access_token", nullptr},
                                         MalformedCase{"empty_access_token", "access_token", ""},
                                         MalformedCase{"access_token_a_number", "access_token", 7},
                                         MalformedCase{"access_token_with_a_line_break", "access_token", "a\r\nX: y"},
                                         MalformedCase{"access_token_with_a_space", "access_token", "a b"},
                                         MalformedCase{"access_token_not_ascii", "access_token", "a\xc3\xa9"},
                                         MalformedCase{"no_type", "token_type", nullptr},
                                         MalformedCase{"mac", "token_type", "mac"},
                                         MalformedCase{"type_a_number", "token_type", 7},
                                         MalformedCase{"bearer_and_more", "token_type", "Bearer x"},
                                         MalformedCase{"refresh_token_a_number", "refresh_token", 7},
                                         MalformedCase{"id_token_an_object", "id_token", Json::object()},
                                         MalformedCase{"scope_a_list", "scope", Json::array({"a"})}),
                         [](const auto& tested) { return tested.param.name; });

TEST(TokenResponse, TakesBearerInAnyCase) {
  judges({"TOK-009"});
  for (const char* type : {"Bearer", "bearer", "BEARER"}) {
    EXPECT_THAT(read(with("token_type", type)), IsOk()) << type;
  }
}

TEST(TokenResponse, NeedsNoExpiry) {
  judges({"TOK-010", "D-11", "D-13"});
  for (const Json& value : {Json(nullptr), Json(0), Json(-5), Json("60")}) {
    EXPECT_THAT(read(with("expires_in", value)), IsOk()) << value;
  }
  Json without = test::token_response();
  without.erase("expires_in");
  EXPECT_THAT(read(without), IsOk());
}

TEST(TokenResponse, TakesNullsForAbsentMembers) {
  Json response = test::token_response();
  response["refresh_token"] = nullptr;
  response["id_token"] = nullptr;
  response["scope"] = nullptr;
  EXPECT_THAT(read(response), IsOk());
}

}  // namespace
}  // namespace authcore
