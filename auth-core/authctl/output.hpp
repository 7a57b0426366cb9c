#pragma once

#include <string>

#include "authcore/credential.hpp"
#include "commands.hpp"
#include "oidc/json.hpp"
#include "oidc/result.hpp"

/// What the commands print: results on stdout, everything else on stderr.
namespace authctl {

/// What a failure means for a caller.
int exit_code_of(const oidc::Error& error);

/// Prints why on stderr, or with --json as {"error": ...} on stdout, and leaves the exit code in the context.
void fail(Context& context, oidc::Error error);

/// Prints `text`, or with --json `result`.
void print(const Context& context, const oidc::Json& result, const std::string& text);

/// A line for people, on stderr.
void note(const std::string& text);

/// What may be told of a credential: times, scope and what it holds, no token.
oidc::Json summary(const authcore::Credential& credential);
/// When it expires, for people.
std::string expiry_text(const authcore::Credential& credential);

}  // namespace authctl
