#pragma once

#include <chrono>
#include <exception>
#include <optional>

#include <poll.h>

#include <boost/asio/ip/tcp.hpp>

#include "mockserver/server.hpp"
#include "server/message.hpp"

/// Handlers as a connection asks them: what they throw is a reply, without its text, which might hold a secret.
namespace mockserver {

/// How soon a reply that is not there yet is asked for again: at first, and then half as often each time.
constexpr std::chrono::milliseconds kFirstPause{1};
constexpr std::chrono::milliseconds kLongestPause{16};

inline oidc::HttpResponse thrown() {
  return server_problem(500, "Internal error", "the handler threw");
}

inline ServedReply answer_safely(const Handler& handler, const oidc::HttpRequest& request) {
  try {
    return handler(request);
  } catch (const std::exception&) {
    return {.reply = {.response = thrown(), .delivery = {}}};
  }
}

inline std::optional<oidc::HttpResponse> ask_safely(const LaterReply& later) {
  try {
    return later();
  } catch (const std::exception&) {
    return thrown();
  }
}

/// Whether the client has closed its side, also if it said something before that nobody has read.
inline bool is_gone(boost::asio::ip::tcp::socket& socket) {
  pollfd client{socket.native_handle(), POLLRDHUP, 0};
  return !socket.is_open() || ::poll(&client, 1, 0) > 0;
}

}  // namespace mockserver
