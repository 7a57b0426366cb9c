#pragma once

#include <string>
#include <vector>

#include "mockserver/ledger.hpp"

namespace scenarios {

/// Whom the issuer knows by a secret: a client, or a user with a password.
struct ClientSecret {
  std::string id;
  std::string secret;  ///< "": has none
};

/// The secrets of a run in every form in which a client may show them: as they are, form- and
/// percent-encoded, escaped as in JSON, and as credentials for HTTP Basic (RFC 7617).
class Secrets {
 public:
  Secrets(const mockserver::Ledger& ledger, const std::vector<ClientSecret>& clients);

  /// The names of those that `text` shows. User codes are made to be shown and left out.
  std::vector<std::string> shown_in(const std::string& text) const;
  /// `text` with each replaced by its name.
  std::string redact(std::string text) const;

 private:
  struct Shape {
    std::string name;  ///< of the secret
    std::string text;  ///< what it looks like
  };
  void add(const std::string& name, const std::string& secret);
  void add_basic(const std::string& name, const ClientSecret& client);
  void add_shape(const std::string& name, const std::string& text);

  const mockserver::Ledger& ledger_;
  std::vector<Shape> shapes_;
};

}  // namespace scenarios
