#include "hand_made_run.hpp"

namespace scenarios {
namespace {

using oidc::Json;
using ::testing::HasSubstr;

class CheckKindTest : public ChecksTest, public ::testing::WithParamInterface<AnswerCase> {};

TEST_P(CheckKindTest, AnswersAndSaysWhatItSaw) {
  const Judgement judgement = GetParam().judge(Json::parse(GetParam().body), evidence_);
  EXPECT_EQ(word(judgement.answer), word(GetParam().answer));
  EXPECT_THAT(judgement.observed, HasSubstr(GetParam().observed));
  EXPECT_EQ(judgement.expected.find('\n') + judgement.observed.find('\n'), 2 * std::string::npos);
}

constexpr auto kKept = Answer::kKept;
constexpr auto kBroken = Answer::kBroken;
constexpr auto kNoEvidence = Answer::kNoEvidence;

constexpr AnswerCase kCounts[] = {
    {"Count", judge_requests, R"({"to":"token","count":3})", kKept, "3: #2 t=0 device_code dc#1 -> 200"},
    {"TooMany", judge_requests, R"({"to":"token","count":2})", kBroken,
     "#4 t=15 refresh_token rt#2 -> 400 invalid_grant"},
    {"TooManyForARange", judge_requests, R"({"to":"token","count":"1..2"})", kBroken, "3: "},
    {"TooManyOfNone", judge_requests, R"({"to":"token","count":0})", kBroken, "3: "},
    {"TooFew", judge_requests, R"({"to":"token","count":4})", kNoEvidence, "3: "},
    {"TooFewForARange", judge_requests, R"({"to":"token","count":"4..5"})", kNoEvidence, "3: "},
    {"NoneCame", judge_requests, R"({"to":"jwks","count":">=1"})", kNoEvidence, "none"},
    {"TooFewOfThoseDemanded", judge_requests, R"({"to":"token","count":4,"demanded":true})", kBroken, "3: "},
    {"NoneOfThoseDemanded", judge_requests, R"({"to":"jwks","count":">=1","demanded":true})", kBroken, "none"},
    {"DemandedInSo", judge_requests, R"({"to":"token","count":3,"demanded":false})", kKept, ""},
    {"OfAGrant", judge_requests, R"({"to":"token","grant":"refresh_token","count":2})", kKept, ""},
    {"Anywhere", judge_requests, R"({"count":4})", kKept, ""},
    {"DuringAStep", judge_requests, R"({"to":"token","during":1,"count":1})", kKept, "#2"},
    {"DuringAQuietStep", judge_requests, R"({"to":"token","during":2,"count":0})", kKept, "none"},
    {"TooFewDuringAQuietStep", judge_requests, R"({"to":"token","during":2,"count":1})", kNoEvidence, "none"},
    {"NoneDuringAStepThatWasNotReached", judge_requests, R"({"to":"token","during":3,"count":0})", kNoEvidence,
     "step 3 did not take place"},
    {"DemandedOfAStepThatWasNotReached", judge_requests, R"({"to":"token","during":3,"count":1,"demanded":true})",
     kNoEvidence, "step 3 did not take place"},
    {"FewEnough", judge_requests, R"({"to":"token","count":"<=3"})", kKept, "3: "},
    {"FewEnoughOfNone", judge_requests, R"({"to":"jwks","count":"<=3"})", kKept, "none"},
    {"FewEnoughOfAClientThatDidNothing", judge_requests, R"({"to":"token","during":2,"count":"<=3"})", kNoEvidence,
     "none"},
    {"FromZeroOn", judge_requests, R"({"to":"jwks","count":"0..3"})", kKept, "none"},
    {"AnsweredSo", judge_requests, R"({"to":"token","status":400,"count":1})", kKept, "1: #4"},
    {"AnsweredOtherwise", judge_requests, R"({"to":"token","status":503,"count":1})", kNoEvidence, "none"},
    {"Zero", judge_requests, R"({"to":"jwks","count":0})", kKept, "none"},
};
INSTANTIATE_TEST_SUITE_P(Counts, CheckKindTest, ::testing::ValuesIn(kCounts),
                         [](const auto& test) { return std::string{test.param.name}; });

constexpr AnswerCase kFields[] = {
    {"FormOfNth", judge_requests, R"({"to":"token","nth":3,"form":{"refresh_token":"rt#2"}})", kKept, ""},
    {"FormOfNthBroken", judge_requests, R"({"to":"token","nth":2,"form":{"refresh_token":"rt#2"}})", kBroken,
     "with refresh_token=rt#1"},
    {"OnlyTheNthIsLookedAt", judge_requests, R"({"to":"token","nth":3,"form":{"client_id":"app"}})", kKept, ""},
    {"FormOfAll", judge_requests,
     R"({"to":"token","grant":"refresh_token","form":{"refresh_token":{"re":"rt#[0-9]"}}})", kKept, ""},
    {"FormOfAllBroken", judge_requests, R"({"to":"token","form":{"client_id":"app"}})", kBroken,
     "with client_id=absent"},
    {"AbsentField", judge_requests, R"({"to":"token","grant":"refresh_token","absent":["scope"]})", kKept, ""},
    {"AbsentFieldThere", judge_requests, R"({"to":"token","absent":["scope"]})", kBroken, "with scope=api"},
    {"EmptyFieldIsNotThere", judge_requests, R"({"to":"token","absent":["client_secret"]})", kKept, ""},
    {"EmptyFieldMatchesAbsent", judge_requests, R"({"to":"token","form":{"client_secret":{"absent":true}}})", kKept,
     ""},
    {"EmptyFieldIsNotAny", judge_requests, R"({"to":"token","nth":2,"form":{"client_secret":{"any":true}}})", kBroken,
     "with client_secret=absent"},
    {"EmptyFieldRepeatsNothing", judge_requests, R"({"to":"token","nth":2,"form":{"refresh_token":"rt#1"}})", kKept,
     ""},
    {"FormOfNone", judge_requests, R"({"to":"jwks","form":{"a":"b"}})", kNoEvidence, "none"},
    {"AbsentOfNone", judge_requests, R"({"to":"jwks","absent":["scope"]})", kNoEvidence, "none"},
    {"FormOfNoneDemanded", judge_requests, R"({"to":"jwks","form":{"a":"b"},"demanded":true})", kBroken, "none"},
    {"TooFewForNth", judge_requests, R"({"to":"token","nth":4,"absent":["x"]})", kNoEvidence, "3: "},
    {"TooFewForNthDemanded", judge_requests, R"({"to":"token","nth":4,"absent":["x"],"demanded":true})", kBroken,
     "3: "},
    {"FieldsDuringAStepThatWasNotReached", judge_requests, R"({"during":3,"form":{"a":"b"},"demanded":true})",
     kNoEvidence, "step 3 did not take place"},
    {"SameAsAnotherField", judge_requests,
     R"({"to":"token","nth":3,"form":{"refresh_token":{"differs_from":"1.form.refresh_token"}}})", kKept, ""},
    {"SameAsAnotherFieldBroken", judge_requests,
     R"({"to":"token","nth":3,"form":{"refresh_token":{"same_as":"1.form.refresh_token"}}})", kBroken,
     "refresh_token=rt#2"},
    {"DiffersFromWhatNobodySent", judge_requests,
     R"({"to":"token","nth":3,"form":{"refresh_token":{"differs_from":"1.form.state"}}})", kNoEvidence,
     "nobody sent 1.form.state, which it is compared with"},
    {"SameAsWhatNobodySent", judge_requests, R"({"to":"token","nth":3,"headers":{"X-Id":{"same_as":"1.form.state"}}})",
     kNoEvidence, "nobody sent 1.form.state"},
    {"BrokenFieldsOutweighAMissingRequest", judge_requests, R"({"to":"token","count":9,"form":{"client_id":"app"}})",
     kBroken, "client_id=absent"},
    {"AMissingRequestOutweighsGoodFields", judge_requests,
     R"({"to":"token","nth":3,"count":9,"form":{"client_id":"app"}})", kNoEvidence, "3: "},
};
INSTANTIATE_TEST_SUITE_P(Fields, CheckKindTest, ::testing::ValuesIn(kFields),
                         [](const auto& test) { return std::string{test.param.name}; });

constexpr AnswerCase kGaps[] = {
    {"Gaps", judge_requests, R"({"to":"token","gaps":{"2":5,"3":">=10"}})", kKept, ""},
    {"GapBroken", judge_requests, R"({"to":"token","gaps":{"2":">=6"}})", kBroken, "5 s before #3"},
    {"LaterGapBroken", judge_requests, R"({"to":"token","gaps":{"2":5,"3":">=11"}})", kBroken, "10 s before #4"},
    {"GapBeforeOneThatDidNotCome", judge_requests, R"({"to":"token","gaps":{"4":">=6"}})", kNoEvidence, "3: "},
    {"BrokenGapOutweighsOneThatDidNotCome", judge_requests, R"({"to":"token","gaps":{"2":">=6","4":1}})", kBroken,
     "5 s before #3"},
    {"GapsOfNone", judge_requests, R"({"to":"jwks","gaps":{"2":5}})", kNoEvidence, "none"},
    {"AllGaps", judge_requests, R"({"to":"token","gaps":">=5"})", kKept, ""},
    {"AllGapsBroken", judge_requests, R"({"to":"token","gaps":">=6"})", kBroken, "5 s before #3"},
    {"AllGapsOfASingleOne", judge_requests, R"({"to":"discovery","gaps":">=5"})", kNoEvidence, "1: #1"},
    {"SinceAnotherEndpoint", judge_requests,
     R"({"to":"token","grant":"refresh_token","gaps":{"1":5},"since":"discovery"})", kKept, ""},
    {"SinceAnotherEndpointBroken", judge_requests,
     R"({"to":"token","grant":"refresh_token","gaps":{"1":">=6"},"since":"discovery"})", kBroken, "5 s before #3"},
    {"FirstGapSinceNobodyKnowsWhat", judge_requests, R"({"to":"token","gaps":{"1":">=6"}})", kNoEvidence, "3: "},
    {"SinceOneThatWasNotAsked", judge_requests, R"({"to":"token","gaps":{"1":">=6"},"since":"device_authorization"})",
     kNoEvidence, "3: "},
    {"SinceOneThatCameLater", judge_requests, R"({"to":"discovery","gaps":{"1":">=6"},"since":"token"})", kNoEvidence,
     "1: #1"},
    {"AllGapsSinceAnotherEndpoint", judge_requests,
     R"({"to":"token","grant":"refresh_token","gaps":">=6","since":"discovery"})", kBroken, "5 s before #3"},
};
INSTANTIATE_TEST_SUITE_P(Gaps, CheckKindTest, ::testing::ValuesIn(kGaps),
                         [](const auto& test) { return std::string{test.param.name}; });

constexpr AnswerCase kOthers[] = {
    {"Order", judge_order, R"(["discovery","token"])", kKept, "discovery, then token"},
    {"OrderBroken", judge_order, R"(["token","discovery"])", kBroken, "discovery, then token"},
    {"OrderOfSome", judge_order, R"(["discovery","jwks","token"])", kNoEvidence, "discovery, then token"},
    {"OrderOfNone", judge_order, R"(["jwks","userinfo"])", kNoEvidence, "none of them"},
    {"OrderOfSomeTheOtherWayRound", judge_order, R"(["jwks","token","discovery"])", kBroken, "discovery, then token"},
    {"OrderCountsWhatItRepeats", judge_order, R"(["discovery","token","token"])", kBroken,
     "token, then token, then token"},
    {"OrderOfFewerThanItRepeats", judge_order, R"(["discovery","token","token","token","token"])", kNoEvidence,
     "token, then token, then token"},
    {"Time", judge_time, R"("<=10")", kKept, "10 s"},
    {"TimeBroken", judge_time, R"("<=9")", kBroken, "10 s"},
    {"TimeTooShort", judge_time, R"(">=11")", kBroken, "10 s"},
    {"Live", judge_tokens, R"({"live":["rt#2"],"dead":["rt#1"]})", kKept, "rt#2"},
    {"LiveBroken", judge_tokens, R"({"live":["rt#1"]})", kBroken, "live: rt#2"},
    {"DeadButLive", judge_tokens, R"({"dead":["rt#2"]})", kBroken, "live: rt#2"},
    {"DeadButNeverIssued", judge_tokens, R"({"dead":["rt#7"]})", kNoEvidence, "rt#7 was never issued"},
    {"LiveButNeverIssued", judge_tokens, R"({"live":["rt#7"],"dead":["rt#2"]})", kNoEvidence, "rt#7 was never issued"},
};
INSTANTIATE_TEST_SUITE_P(Others, CheckKindTest, ::testing::ValuesIn(kOthers),
                         [](const auto& test) { return std::string{test.param.name}; });

constexpr AnswerCase kStorage[] = {
    {"Contains", judge_storage, R"({"contains":["rt#2"],"absent":["rt#1"]})", kKept, ""},
    {"ContainsBroken", judge_storage, R"({"contains":["rt#1"]})", kBroken, "rt#2 in auth/ (0700)"},
    {"ContainsWhatWasNeverIssued", judge_storage, R"({"contains":["rt#7"]})", kNoEvidence, "rt#7 was never issued"},
    {"AbsentThere", judge_storage, R"({"absent":["rt#2"]})", kBroken, "rt#2 in"},
    {"AbsentWhatWasNeverIssued", judge_storage, R"({"absent":["rt#7"]})", kNoEvidence, "rt#7 was never issued"},
    {"ContainsOtherText", judge_storage, R"({"contains":["no such text"]})", kBroken, "rt#2 in"},
    {"Modes", judge_storage, R"({"mode":"0600","dir_mode":"0700"})", kKept, ""},
    {"ModeBroken", judge_storage, R"({"mode":"0640"})", kBroken, "auth/token.json has mode 0600"},
    {"DirModeBroken", judge_storage, R"({"dir_mode":"0755"})", kBroken, "has mode 0700"},
    {"Private", judge_storage, R"({"private":true})", kKept, ""},
    {"Exists", judge_storage, R"({"exists":true,"parses":true,"unchanged":true})", kKept, ""},
    {"ExistsUnwanted", judge_storage, R"({"exists":false})", kBroken, "auth/token.json"},
    {"Json", judge_storage, R"({"json":{"refresh_token":"rt#2"}})", kKept, ""},
    {"JsonBroken", judge_storage, R"({"json":{"x":2}})", kBroken, R"("x":1)"},
};
INSTANTIATE_TEST_SUITE_P(Storage, CheckKindTest, ::testing::ValuesIn(kStorage),
                         [](const auto& test) { return std::string{test.param.name}; });

TEST_F(ChecksTest, AWaitOnARealClockMayBeShorterByTheSlack) {
  const Json body = Json::parse(R"({"to":"token","gaps":{"2":">=5.05"}})");
  EXPECT_EQ(word(judge_requests(body, evidence_).answer), "broken");
  evidence_.slack = std::chrono::milliseconds{100};
  EXPECT_EQ(word(judge_requests(body, evidence_).answer), "kept");
  EXPECT_EQ(word(judge_requests(Json::parse(R"({"to":"token","gaps":{"2":">=5.2"}})"), evidence_).answer), "broken");
  EXPECT_EQ(word(judge_requests(Json::parse(R"({"to":"token","gaps":{"2":"<=5"}})"), evidence_).answer), "kept");
}

TEST_F(ChecksTest, WhereNothingIsStoredModesAndContentsSayNothing) {
  evidence_.storage_after = {{"./", {"0700", ""}}, {"token.json.lock", {"0600", ""}}};
  evidence_.storage_before = evidence_.storage_after;
  for (const char* body : {R"({"private":true})", R"({"parses":true})", R"({"json":{"x":1}})"}) {
    EXPECT_EQ(word(judge_storage(Json::parse(body), evidence_).answer), "no evidence") << body;
  }
  EXPECT_EQ(word(judge_storage({{"exists", false}}, evidence_).answer), "kept");
  EXPECT_EQ(word(judge_storage({{"exists", true}}, evidence_).answer), "broken");
}

TEST_F(ChecksTest, WhatIsStoredInAnotherFormIsNotMissing) {
  evidence_.storage_after["auth/token.json"].text = "cmVmcmVzaC10b2tlbi10d28=";
  evidence_.storage_before = evidence_.storage_after;
  EXPECT_EQ(word(judge_storage({{"contains", {"rt#2"}}}, evidence_).answer), "no evidence");
  EXPECT_EQ(word(judge_storage({{"private", true}}, evidence_).answer), "no evidence");
  evidence_.storage_before["auth/token.json"].text = "refresh-token-one";
  EXPECT_EQ(word(judge_storage({{"contains", {"rt#2"}}}, evidence_).answer), "broken")
      << "it stored one in plain text before";
}

TEST_F(ChecksTest, AFileWithoutATokenMayBeOpenToAll) {
  evidence_.storage_after = {
      {"./", {"0700", ""}}, {"log.txt", {"0644", "hello"}}, {"token.json", {"0600", "refresh-token-two"}}};
  EXPECT_EQ(word(judge_storage({{"private", true}}, evidence_).answer), "kept");
}

TEST_F(ChecksTest, AQueryIsJudgedApartFromTheForm) {
  evidence_.exchanges[2].path = "/token?refresh_token=rt%231&x=1";
  const auto answer = [this](const char* body) { return word(judge_requests(Json::parse(body), evidence_).answer); };
  EXPECT_EQ(answer(R"({"to":"token","nth":2,"query":{"refresh_token":{"absent":true}}})"), "broken");
  EXPECT_EQ(answer(R"({"to":"token","nth":2,"query":{"x":"1"}})"), "kept");
  EXPECT_EQ(answer(R"({"to":"token","nth":3,"query":{"refresh_token":{"absent":true}}})"), "kept");
}

TEST_F(ChecksTest, StorageThatDoesNotParseIsBroken) {
  evidence_.storage_after["auth/token.json"].text = "{ broken";
  EXPECT_EQ(word(judge_storage({{"parses", true}}, evidence_).answer), "broken");
  evidence_.storage_after["auth/token.json"].text = "[]";
  EXPECT_EQ(word(judge_storage({{"parses", true}}, evidence_).answer), "broken");
}

TEST_F(ChecksTest, StorageThatChangedInAnyWayIsBroken) {
  const StorageSnapshot before = evidence_.storage_after;
  const auto observed = [this] {
    const Judgement judgement = judge_storage({{"unchanged", true}}, evidence_);
    EXPECT_EQ(word(judgement.answer), "broken");
    return judgement.observed;
  };
  evidence_.storage_after["auth/token.json"].text = "{}";
  EXPECT_THAT(observed(), HasSubstr("was rewritten"));
  evidence_.storage_after = before;
  evidence_.storage_after["auth/token.json"].mode = "0644";
  EXPECT_EQ(observed(), "auth/token.json has mode 0644, had 0600");
  evidence_.storage_after = before;
  evidence_.storage_after["auth/second.json"] = {"0600", "{}"};
  EXPECT_EQ(observed(), "auth/second.json is new");
  evidence_.storage_after = before;
  evidence_.storage_after.erase("auth/token.json");
  EXPECT_EQ(observed(), "auth/token.json is gone");
}

TEST_F(ChecksTest, AFileThatOthersCanReadIsPrivateInAFolderThatTheyCannotEnter) {
  const auto answer = [this] { return word(judge_storage({{"private", true}}, evidence_).answer); };
  evidence_.storage_after["auth/token.json"].mode = "0644";
  EXPECT_EQ(answer(), "kept") << "auth/ is 0700";
  evidence_.storage_after["auth/"].mode = "0755";
  EXPECT_EQ(answer(), "broken") << "the folder that the harness made is no merit of the client";
  evidence_.storage_after["auth/token.json"].mode = "0640";
  EXPECT_EQ(answer(), "broken");
}

TEST_F(ChecksTest, ARepeatedFieldIsNoMatch) {
  evidence_.exchanges[2].form.add("refresh_token", "rt#1");
  const Json body = Json::parse(R"({"to":"token","nth":2,"form":{"refresh_token":"rt#1"}})");
  EXPECT_THAT(judge_requests(body, evidence_).observed, HasSubstr("repeated"));
  EXPECT_EQ(word(judge_requests(body, evidence_).answer), "broken");
}

TEST(SumUp, WhatIsBrokenDecidesThenWhatHasNoEvidence) {
  const Finding kept{"a"};
  const Finding missing{"b", Answer::kNoEvidence, "nothing"};
  const Finding broken{"c", Answer::kBroken, "something"};
  EXPECT_EQ(word(sum_up({missing, kept, broken}, "", "x").answer), "broken");
  EXPECT_EQ(sum_up({missing, kept, broken}, "these", "x").expected, "these: c");
  EXPECT_EQ(sum_up({kept, missing}, "", "x").observed, "nothing");
  EXPECT_EQ(word(sum_up({kept, missing}, "", "x").answer), "no evidence");
  EXPECT_EQ(sum_up({kept, kept}, "these", "x").expected, "these: a, a");
  EXPECT_EQ(sum_up({kept, kept}, "these", "x").observed, "x");
}

}  // namespace
}  // namespace scenarios
