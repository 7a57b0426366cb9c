#pragma once

#include <exception>

#include "mockserver/server.hpp"
#include "server/message.hpp"

/// Handlers as a connection asks them: what they throw is a reply, without its text, which might hold a secret.
namespace mockserver {

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

}  // namespace mockserver
