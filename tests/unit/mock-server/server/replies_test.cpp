// What a reply becomes on the wire where it cannot simply be written.

#include <gtest/gtest.h>

#include <stdexcept>

#include "mockserver/server.hpp"
#include "raw_client.hpp"

namespace mockserver {
namespace {

using testing_support::RawClient;

ServedReply text_reply(std::string body) {
  return {.reply = {.response = {.status = 200, .headers = {{"Content-Type", "text/plain"}}, .body = std::move(body)},
                    .delivery = {}}};
}

std::unique_ptr<Server> start(Handler handler) {
  auto server = Server::start({}, std::move(handler));
  return server ? *std::move(server) : throw std::runtime_error{server.error().message};
}

std::string get(const std::string& path) {
  return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
}

TEST(ServerReplyTest, AReplyWhoseHeaderIsTooLongIsAProblemAndNotTheEnd) {
  const auto server = start([](const oidc::HttpRequest& request) {
    auto reply = text_reply("here");
    reply.reply.response.headers.set("Location", "https://client.test/?state=" + request.body);
    return reply;
  });
  RawClient client{server->port()};
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 70000\r\n\r\n" + std::string(70'000, 'a'));
  const auto response = client.receive();
  EXPECT_EQ(response.status, 400);
  EXPECT_NE(response.body.find("65000 bytes"), std::string::npos);
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n" + std::string(60'000, 'a'));
  EXPECT_EQ(client.receive().body, "here");
}

TEST(ServerReplyTest, AHeadIsToldTheLengthThatTheHandlerSays) {
  const auto server = start([](const auto&) {
    auto reply = text_reply("");
    reply.reply.response.headers.set("Content-Length", "2216");
    return reply;
  });
  RawClient client{server->port()};
  client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n" + get("/"));
  EXPECT_EQ(RawClient::content_length(client.receive(true).head), 2216U);
  EXPECT_EQ(client.receive().body, "") << "a GET gets the length of what it gets";
}

TEST(ServerReplyTest, WhatIsRefusedUnreadIsNotAnsweredAsTheRequestBefore) {
  const auto server = start([](const auto&) { return text_reply("here"); });
  RawClient client{server->port()};
  client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
  client.receive(true);
  client.send("nonsense\r\n\r\n");
  const auto refused = client.receive();
  EXPECT_EQ(refused.status, 400);
  EXPECT_NE(refused.body.find("not an HTTP/1.1 request"), std::string::npos) << "the HEAD had no body, this one has";
}

}  // namespace
}  // namespace mockserver
