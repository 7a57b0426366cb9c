#pragma once

#include <optional>
#include <string>

#include "mockserver/control.hpp"
#include "mockserver/issuers.hpp"
#include "mockserver/server.hpp"
#include "oidc/http.hpp"

namespace mockserver {

/// How clients reach a server that stands behind others.
struct PublicUrl {
  /// The origin of a request's URL as its client wrote it, from Forwarded (RFC 7239), else X-Forwarded-Proto, -Host
  /// and -Port, else Host; the issuers must follow it (`Issuers::follow_requests`). Only for servers that nobody
  /// reaches but through a proxy, or that nobody harms: clients choose these fields.
  bool trust_forwarded = false;
};

/// The origin that a request was sent to, as its header fields tell; nullopt if they are missing or malformed.
/// `scheme` is the server's own.
std::optional<std::string> forwarded_origin(const oidc::Headers& headers, const std::string& scheme);

/// Serves the issuers: each reply waits on its own issuer's clock and keeps the issuer alive
/// until it is delivered. Never blocks. `issuers` must outlive the server.
Handler issuer_handler(const Issuers& issuers, PublicUrl where = {});

/// Serves an origin where no issuer lives: every request is stray (`Issuers::on_stray`). `issuers` must outlive the
/// server.
Handler stray_handler(const Issuers& issuers);

/// Serves the control API. `control` must outlive the server.
Handler control_handler(Control& control);

}  // namespace mockserver
