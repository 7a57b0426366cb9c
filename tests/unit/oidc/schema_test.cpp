#include "oidc/schema.hpp"

#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oidc {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// "pointer: sentence" of each problem.
std::vector<std::string> problems(const Schema& schema, const char* value) {
  std::vector<std::string> lines;
  for (const auto& problem : schema.check(Json::parse(value))) {
    lines.push_back(problem.pointer + ": " + to_sentence(problem));
  }
  return lines;
}

std::vector<std::string> problems(const char* schema, const char* value) {
  return problems(Schema{Json::parse(schema)}, value);
}

struct KeywordCase {
  const char* name;
  const char* schema;
  const char* valid;
  const char* invalid;
  const char* problem;
};

void PrintTo(const KeywordCase& keyword, std::ostream* out) {
  *out << keyword.schema;
}

class KeywordTest : public testing::TestWithParam<KeywordCase> {};

TEST_P(KeywordTest, LetsTheValidThroughAndExplainsTheInvalid) {
  const auto& [name, schema, valid, invalid, problem] = GetParam();
  EXPECT_THAT(problems(schema, valid), IsEmpty());
  EXPECT_THAT(problems(schema, invalid), ElementsAre(problem));
}

INSTANTIATE_TEST_SUITE_P(
    All, KeywordTest,
    testing::Values(
        KeywordCase{"type", R"({"type":"integer"})", "3", "\"3\"",
                    ": a string is not allowed here (expected an integer)"},
        KeywordCase{"types", R"({"type":["string","null"]})", "null", "[]",
                    ": an array is not allowed here (expected a string or null)"},
        KeywordCase{"integer_of_a_float", R"({"type":"integer"})", "3.0", "3.5",
                    ": a number is not allowed here (expected an integer)"},
        KeywordCase{"number_of_an_integer", R"({"type":"number"})", "3", "true",
                    ": a boolean is not allowed here (expected a number)"},
        KeywordCase{"properties", R"({"properties":{"a":{"type":"string"}}})", R"({"a":"x","b":1})", R"({"a":1})",
                    "/a: an integer is not allowed here (expected a string)"},
        KeywordCase{"required", R"({"required":["a"]})", R"({"a":null})", R"({"b":1})", ": missing key \"a\""},
        KeywordCase{"additional_false", R"({"properties":{"times":{},"when":{}},"additionalProperties":false})",
                    R"({"times":1})", R"({"tims":1})",
                    "/tims: unknown key \"tims\" (expected one of: times, when; did you mean \"times\"?)"},
        KeywordCase{"additional_schema", R"({"properties":{"a":{}},"additionalProperties":{"type":"string"}})",
                    R"({"a":1,"b":"x"})", R"({"b/c~":1})",
                    "/b~1c~0: an integer is not allowed here (expected a string)"},
        KeywordCase{"min_properties", R"({"minProperties":1})", R"({"a":1})", "{}",
                    ": has too few keys (expected at least 1)"},
        KeywordCase{"max_properties", R"({"maxProperties":1})", R"({"a":1})", R"({"a":1,"b":2})",
                    ": has too many keys (expected at most 1)"},
        KeywordCase{"property_names", R"({"propertyNames":{"pattern":"^[a-z]+$"}})", R"({"a":1})", R"({"A":1})",
                    "/A: key \"A\" has the wrong form (expected a text that matches ^[a-z]+$)"},
        KeywordCase{"items", R"({"items":{"type":"string"}})", R"(["a"])", R"(["a",1])",
                    "/1: an integer is not allowed here (expected a string)"},
        KeywordCase{"min_items", R"({"minItems":1})", "[1]", "[]", ": has too few items (expected at least 1)"},
        KeywordCase{"max_items", R"({"maxItems":1})", "[1]", "[1,2]", ": has too many items (expected at most 1)"},
        KeywordCase{"enum", R"({"enum":["refresh","login",3]})", "3", "\"refrehs\"",
                    ": unknown value \"refrehs\" (expected one of: refresh, login, 3; did you mean \"refresh\"?)"},
        KeywordCase{"const", R"({"const":"v1"})", "\"v1\"", "\"v2\"",
                    ": unknown value \"v2\" (expected v1; did you mean \"v1\"?)"},
        KeywordCase{"pattern", R"({"pattern":"^[0-9]+s$"})", "\"10s\"", "\"secret\"",
                    ": has the wrong form (expected a text that matches ^[0-9]+s$)"},
        KeywordCase{"min_length", R"({"minLength":2})", "\"ab\"", "\"\u00e9\"",
                    ": is too short (expected at least 2 characters)"},
        KeywordCase{"minimum", R"({"minimum":1})", "1", "0", ": 0 is too small (expected at least 1)"},
        KeywordCase{"exclusive_minimum", R"({"exclusiveMinimum":0})", "0.1", "0",
                    ": 0 is too small (expected more than 0)"},
        KeywordCase{"maximum", R"({"maximum":10})", "10", "18446744073709551615",
                    ": 18446744073709551615 is too large (expected at most 10)"},
        KeywordCase{"ref", R"({"$defs":{"n":{"type":"integer"}},"items":{"$ref":"#/$defs/n"}})", "[1]", "[\"x\"]",
                    "/0: a string is not allowed here (expected an integer)"},
        KeywordCase{"ref_with_sibling", R"({"$defs":{"n":{"type":"integer"}},"$ref":"#/$defs/n","minimum":1})", "1",
                    "0", ": 0 is too small (expected at least 1)"},
        KeywordCase{"recursion", R"({"type":"object","additionalProperties":{"$ref":"#"}})", R"({"a":{"b":{}}})",
                    R"({"a":{"b":1}})", "/a/b: an integer is not allowed here (expected an object)"},
        KeywordCase{"false", R"({"properties":{"a":false}})", "{}", R"({"a":1})", "/a: nothing is allowed here"},
        KeywordCase{"one_of_types",
                    R"({"oneOf":[{"type":"string"},{"type":"array","items":{"type":"string"}}])"
                    "}",
                    "[\"a\"]", "[1]", "/0: an integer is not allowed here (expected a string)"},
        KeywordCase{"one_of_no_type", R"({"oneOf":[{"type":"string"},{"type":"array"}]})", "\"a\"", "1",
                    ": an integer is not allowed here (expected an array or a string)"},
        KeywordCase{"one_of_several", R"({"oneOf":[{"type":"number"},{"type":"integer"}]})", "1.5", "1",
                    ": fits more than one alternative (expected exactly one)"},
        KeywordCase{"one_of_scalars",
                    R"({"oneOf":[{"enum":["once","always"]},{"type":"string","pattern":"^[0-9]+x$"}]})", "\"3x\"",
                    "\"onse\"",
                    ": unknown value \"onse\" (expected one of: once, always or a text that matches ^[0-9]+x$; did you "
                    "mean \"once\"?)"},
        KeywordCase{
            "one_of_objects",
            R"({"oneOf":[{"type":"object","properties":{"status":{"type":"integer"},"body":{}},"additionalProperties":false},{"type":"object","properties":{"delay":{}},"additionalProperties":false}]})",
            R"({"delay":1})", R"({"status":"x","body":1})",
            "/status: a string is not allowed here (expected an integer)"}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(SchemaTest, ReportsEveryProblem) {
  EXPECT_THAT(
      problems(
          R"({"required":["id"],"properties":{"n":{"type":"integer"},"t":{"type":"string"}},"additionalProperties":false})",
          R"({"n":"x","t":1,"zz":2})"),
      ElementsAre(": missing key \"id\"", "/n: a string is not allowed here (expected an integer)",
                  "/t: an integer is not allowed here (expected a string)",
                  "/zz: unknown key \"zz\" (expected one of: n, t)"));
}

TEST(SchemaTest, FollowsReferencesToOtherSchemas) {
  const Json step = Json::parse(
      R"({"$id":"https://x/step.json","$defs":{"n":{"type":"integer"}},"properties":{"n":{"$ref":"#/$defs/n"}}})");
  for (const char* reference : {"https://x/step.json", "step.json"}) {
    Json root = Json::parse(R"({"$id":"https://x/root.json","properties":{"step":{},"count":{}}})");
    root["properties"]["step"]["$ref"] = reference;
    root["properties"]["count"]["$ref"] = std::string{reference} + "#/$defs/n";
    const Schema schema{root, {step}};
    const Schema copy = schema;
    EXPECT_THAT(problems(copy, R"({"step":{"n":1},"count":2})"), IsEmpty());
    EXPECT_THAT(problems(copy, R"({"step":{"n":"x"},"count":[]})"),
                ElementsAre("/count: an array is not allowed here (expected an integer)",
                            "/step/n: a string is not allowed here (expected an integer)"));
  }
}

TEST(SchemaTest, RefusesSchemasItCannotCheck) {
  for (const char* schema :
       {R"({"allOf":[]})", R"({"format":"uri"})", R"({"properties":{"a":{"maxLength":1}}})", R"({"$ref":"#/$defs/x"})",
        R"({"$ref":"https://unknown/"})", R"({"pattern":"("})", R"({"type":5})", R"({"required":"a"})",
        R"({"oneOf":[]})", R"({"enum":[]})", R"({"minItems":-1})", R"({"minimum":"1"})",
        R"({"propertyNames":{"minLength":1}})", "[]", R"({"$ref":"#"})",
        R"({"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}}})", R"({"items":{"oneOf":[{"not":{}}]}})"}) {
    EXPECT_THROW(Schema{Json::parse(schema)}, std::invalid_argument) << schema;
  }
}

TEST(SchemaTest, ATextMayBeLongerThanTheStackIsDeep) {
  const Schema schema{Json::parse(R"({"pattern":"^[A-Za-z0-9][A-Za-z0-9_.-]*$"})")};
  EXPECT_THAT(schema.check(Json(std::string(200'000, 'a'))), IsEmpty());
  EXPECT_EQ(schema.check(Json(std::string(200'000, 'a') + "/")).size(), 1U);
}

TEST(SchemaTest, LetsAnnotationsThrough) {
  EXPECT_THAT(
      problems(R"({"$schema":"s","$id":"i","title":"t","description":"d","examples":[1],"default":2,"x-order":1})",
               "5"),
      IsEmpty());
}

TEST(DidYouMean, EndsASentenceIfThereIsANearName) {
  EXPECT_EQ(did_you_mean("tims", {"when", "times"}), "; did you mean \"times\"?");
  EXPECT_EQ(did_you_mean("elsewhere", {"when", "times"}), "");
}

TEST(NearestNameTest, FindsSlipsOnly) {
  const std::vector<std::string> names = {"when", "times", "do"};
  EXPECT_EQ(nearest_name("tims", names), "times");
  EXPECT_EQ(nearest_name("tiems", names), "times");
  EXPECT_EQ(nearest_name("wen", names), "when");
  EXPECT_EQ(nearest_name("od", names), "do");
  EXPECT_EQ(nearest_name("timing", names), "");
  EXPECT_EQ(nearest_name("script", names), "");
  EXPECT_EQ(nearest_name("x", {}), "");
}

}  // namespace
}  // namespace oidc
