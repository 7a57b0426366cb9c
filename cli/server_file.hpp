#pragma once

#include <string>
#include <vector>

#include "mockserver/server_config.hpp"
#include "oidc/result.hpp"
#include "scenarios/document.hpp"

namespace cli {

/// A file of `assay serve`: a server with its issuers, or the configuration of one issuer.
struct ServerFile {
  std::string name;  ///< "" if there is none
  scenarios::Document document{};
  bool of_server = false;
  mockserver::ServerConfig config{};  ///< nothing but defaults for one issuer's file
};

/// Reads and checks a file; "" is a file that says nothing. Errors: `kBadInput`, a line of file:line:column for each
/// problem.
oidc::Result<ServerFile> read_server_file(const std::string& name);

/// A problem at the place that its pointer leads to: "file:line:column: unknown key ...".
std::string to_line(const oidc::SchemaProblem& problem, const ServerFile& file);

/// The issuer that `assay serve` has at a URL with this file, as POST /v1/issuers takes it, without the file's
/// defaults: that of the path's name, or at the root for a URL without path. If none is there: an empty one where the
/// server makes issuers by itself, else the only one of the file. Errors: `kInvalidArgument` for a name that none of
/// several has.
oidc::Result<oidc::Json> issuer_at(const ServerFile& file, const std::string& url);

/// Whether a document is meant for `assay serve`, and is not a scenario.
bool is_serve_config(const oidc::Json& json);

}  // namespace cli
