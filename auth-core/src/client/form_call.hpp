#pragma once

#include <string>
#include <string_view>

#include "client/client_context.hpp"
#include "http/reply.hpp"

namespace authcore {

/// A form that was posted and the reply to it, still to be judged.
struct FormExchange {
  oidc::HttpRequest request;
  oidc::HttpResponse response;
  oidc::TimePoint received;

  /// `endpoint` names it in messages: "introspection endpoint".
  Reply reply(std::string_view endpoint) const {
    return {.response = response, .endpoint = endpoint, .secrets = secrets_of(request), .received = received};
  }
};

/// Asks the endpoint of that metadata name about a token, as RFC 7009 §2.1 and RFC 7662 §2.1 do: `token`
/// and `token_type_hint`, with the client's proof. Errors: `kInvalidArgument` for an empty token, without
/// any request; those of `Discovery::endpoint` and of the way there.
oidc::Result<FormExchange> post_token(ClientContext& context, const std::string& endpoint, const std::string& token,
                                      const std::string& hint);

}  // namespace authcore
