#include "flows/acknowledgement.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "judges.hpp"
#include "status_matchers.hpp"

namespace authcore {
namespace {

using oidc::Errc;
using oidc::test::FailsWith;
using oidc::test::judges;
using testing::HasSubstr;

TEST(AcknowledgementTest, SaysThatThePageCannotBeRead) {
  judges({"CFG-008"});
  ClientConfig config;
  config.acknowledgement_file = "/no/such/page.html";
  EXPECT_THAT(Acknowledgement{config}.page(), FailsWith(Errc::kConfig, HasSubstr("/no/such/page.html")));
}

TEST(AcknowledgementTest, ReadsThePageOnce) {
  judges({"CFG-008"});
  ClientConfig config;
  config.acknowledgement_file = testing::TempDir() + "acknowledgement_test_once.html";
  std::ofstream{config.acknowledgement_file} << "<p>first</p>";
  Acknowledgement page{config};
  EXPECT_EQ(page.page().value(), "<p>first</p>");
  std::remove(config.acknowledgement_file.c_str());
  EXPECT_EQ(page.page().value(), "<p>first</p>");
}

TEST(AcknowledgementTest, LeavesThePageToTheListenerIfNoneIsConfigured) {
  judges({"CFG-008"});
  const ClientConfig config;
  EXPECT_EQ(Acknowledgement{config}.page().value(), "");
}

}  // namespace
}  // namespace authcore
