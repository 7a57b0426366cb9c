#pragma once

#include <array>
#include <cstddef>
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
/// percent-encoded, escaped as in JSON, in hex, within whatever is in base64, and as credentials for HTTP Basic
/// (RFC 7617). Those that are too long to be found in any text by chance may be broken over lines.
class Secrets {
 public:
  Secrets(const mockserver::Ledger& ledger, const std::vector<ClientSecret>& clients);

  /// The names of those that `text` shows. User codes are made to be shown and left out.
  std::vector<std::string> shown_in(const std::string& text) const;
  /// `text` with each replaced by its name.
  std::string redact(const std::string& text) const;

 private:
  struct Shape {
    std::string name;  ///< of the secret
    std::string text;  ///< what it looks like
  };
  void add(const std::string& name, const std::string& secret);
  void add_basic(const std::string& name, const ClientSecret& client);
  void add_shape(const std::string& name, const std::string& text);
  void add_coded(const std::string& name, const std::string& secret);

  /// The shape that begins at that place of the text, the longest if there are more, and how far it reaches.
  struct Sighting {
    const Shape* shape = nullptr;
    std::size_t size = 0;
  };
  Sighting look(const std::string& text, std::size_t at) const;

  const mockserver::Ledger& ledger_;
  std::array<std::vector<Shape>, 256> shapes_;  // by their first byte; the longest first
};

}  // namespace scenarios
