#include <ostream>

#include "authcore/decoded_token.hpp"
#include "judges.hpp"
#include "oidc/base64url.hpp"
#include "status_matchers.hpp"

namespace authcore {
namespace {

using oidc::base64url_encode;
using oidc::test::FailsWith;
using oidc::test::IsOk;
using oidc::test::judges;

const std::string kHeader = base64url_encode(R"({"alg":"RS256"})");
const std::string kPayload = base64url_encode(R"({"sub":"alice"})");

TEST(DecodeUnverified, GivesThePartsAndWhatIsSigned) {
  const auto token = decode_unverified(kHeader + "." + kPayload + "." + base64url_encode("sig"));
  ASSERT_THAT(token, IsOk());
  EXPECT_EQ(token->header.at("alg"), "RS256");
  EXPECT_EQ(token->payload.at("sub"), "alice");
  EXPECT_EQ(token->signing_input, kHeader + "." + kPayload);
  EXPECT_EQ(token->signature, "sig");
}

TEST(DecodeUnverified, TakesAnEmptySignature) {
  EXPECT_THAT(decode_unverified(kHeader + "." + kPayload + "."), IsOk());
}

TEST(DecodeUnverified, TakesATokenOf64KiBAndNoLarger) {
  const std::string start = kHeader + "." + kPayload + ".";
  const std::size_t room = 65'536 - start.size();
  ASSERT_EQ(room % 4, 2U) << "the signature must be whole bytes";
  EXPECT_THAT(decode_unverified(start + std::string(room, 'A')), IsOk());
  EXPECT_THAT(decode_unverified(start + std::string(room + 2, 'A')), FailsWith(oidc::Errc::kMalformedToken));
}

struct Malformed {
  const char* name;
  std::string token;
};
void PrintTo(const Malformed& c, std::ostream* out) {
  *out << c.name;
}
class MalformedToken : public testing::TestWithParam<Malformed> {};

TEST_P(MalformedToken, IsRefused) {
  judges({"TV-019"});
  EXPECT_THAT(decode_unverified(GetParam().token), FailsWith(oidc::Errc::kMalformedToken));
}

INSTANTIATE_TEST_SUITE_P(
    Rfc7519Section72, MalformedToken,
    testing::Values(Malformed{"empty", ""}, Malformed{"opaque", "opaque-token"},
                    Malformed{"two_segments", kHeader + "." + kPayload},
                    Malformed{"four_segments", kHeader + "." + kPayload + ".c2ln.c2ln"},
                    Malformed{"five_segments_as_jwe", "a.b.c.d.e"},
                    Malformed{"padded_header", kHeader + "=." + kPayload + ".c2ln"},
                    Malformed{"space_in_payload", kHeader + ". " + kPayload + ".c2ln"},
                    Malformed{"base64_not_url", kHeader + "." + kPayload + ".a+/b"},
                    Malformed{"trailing_bits", kHeader + "." + kPayload + ".c2ln" + "cx"},
                    Malformed{"empty_header", "." + kPayload + ".c2ln"}, Malformed{"empty_payload", kHeader + "..c2ln"},
                    Malformed{"header_no_json", base64url_encode("{alg}") + "." + kPayload + ".c2ln"},
                    Malformed{"header_a_list", base64url_encode("[]") + "." + kPayload + ".c2ln"},
                    Malformed{"payload_a_string", kHeader + "." + base64url_encode("\"x\"") + ".c2ln"},
                    Malformed{"payload_no_utf8", kHeader + "." + base64url_encode("{\"a\":\"\xff\"}") + ".c2ln"},
                    Malformed{"header_member_twice",
                              base64url_encode(R"({"alg":"none","alg":"RS256"})") + "." + kPayload + ".c2ln"},
                    Malformed{"payload_member_twice",
                              kHeader + "." + base64url_encode(R"({"sub":"a","sub":"b"})") + ".c2ln"}),
    [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace authcore
