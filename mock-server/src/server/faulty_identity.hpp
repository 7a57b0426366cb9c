#pragma once

#include "mockserver/server.hpp"

namespace mockserver {

/// What a server shows in the place of `identity` if `fault` is to happen. All but untrusted ones are signed by
/// the same authority. Errors: `kInvalidArgument` if its key is not at hand; `kUnknown` if OpenSSL fails.
oidc::Result<TlsIdentity> make_faulty_identity(const TlsIdentity& identity, TlsFault fault);

}  // namespace mockserver
