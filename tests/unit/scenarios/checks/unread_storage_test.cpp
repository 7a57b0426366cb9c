#include "hand_made_run.hpp"

namespace scenarios {
namespace {

/// The hand-made run, and beside its file one that is too large to be read.
class UnreadStorageTest : public ChecksTest {
 protected:
  UnreadStorageTest() {
    evidence_.storage_after["large"] = {"0600", "not read: 9 bytes, more than 8", false};
    evidence_.storage_before = evidence_.storage_after;
  }

  std::string answer(const char* body) {
    judged_ = judge_storage(oidc::Json::parse(body), evidence_);
    return word(judged_.answer);
  }

  Judgement judged_;
};

TEST_F(UnreadStorageTest, WhatIsFoundIsFound) {
  EXPECT_EQ(answer(R"({"contains": ["rt#2"]})"), "kept");
  EXPECT_EQ(answer(R"({"absent": ["rt#2"]})"), "broken");
  EXPECT_EQ(answer(R"({"json": {"refresh_token": "rt#2"}})"), "kept");
  EXPECT_EQ(answer(R"({"exists": true, "mode": "0600"})"), "kept");
}

TEST_F(UnreadStorageTest, WhatIsNotFoundMayBeWhereNobodyLooked) {
  for (const char* body : {R"({"absent": ["rt#1"]})", R"({"contains": ["rt#1"]})", R"({"private": true})",
                           R"({"parses": true})", R"({"unchanged": true})", R"({"json": {"x": 2}})"}) {
    EXPECT_EQ(answer(body), "no evidence") << body;
    EXPECT_EQ(judged_.observed, "large was not read: 9 bytes, more than 8") << body;
  }
}

TEST_F(UnreadStorageTest, WhatIsWrongAllTheSameIsBroken) {
  evidence_.storage_after["auth/token.json"].text = "{";
  EXPECT_EQ(answer(R"({"unchanged": true})"), "broken");
  EXPECT_EQ(answer(R"({"parses": true})"), "broken");
}

TEST_F(UnreadStorageTest, WhatWasNotReadIsNeitherRewrittenNorGone) {
  evidence_.storage_after["large"].text = "not read: 10 bytes, more than 8";
  EXPECT_EQ(answer(R"({"unchanged": true})"), "no evidence");
  evidence_.storage_after.erase("auth/token.json");
  EXPECT_EQ(answer(R"({"unchanged": true})"), "no evidence") << "it may stand where nobody looked";
}

/// The hand-made run, and beside its file a link.
class LinkedStorageTest : public ChecksTest {
 protected:
  std::string answer(const char* target, const char* body) {
    evidence_.storage_after["auth/link.json"] = {"link", target};
    return word(judge_storage(oidc::Json::parse(body), evidence_).answer);
  }
};

TEST_F(LinkedStorageTest, ALinkHasNeitherModeNorContentOfItsOwn) {
  EXPECT_EQ(answer("-> token.json", R"({"mode": "0600"})"), "kept");
  EXPECT_EQ(answer("-> token.json", R"({"parses": true})"), "kept");
}

TEST_F(LinkedStorageTest, WhatALinkLeadsToOutsideWasNotRead) {
  EXPECT_EQ(answer("-> token.json", R"({"contains": ["rt#1"]})"), "broken");
  EXPECT_EQ(answer("-> /elsewhere/token.json", R"({"contains": ["rt#1"]})"), "no evidence");
}

}  // namespace
}  // namespace scenarios
