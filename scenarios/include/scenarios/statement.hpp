#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "oidc/result.hpp"

namespace scenarios {

/// What kind of document a book is, which decides whom it binds.
enum class BookKind {
  kSpecification,  ///< binds every client that does what it is about
  kPractice,       ///< no specification says it, the field recommends it
  kProduct,        ///< what one product documents: binds the clients that claim it
};

/// Where statements come from: a folder of conformance/statements, listed in its books.yaml.
struct Book {
  std::string id;  ///< "oauth", "planet_auth"
  BookKind kind = BookKind::kSpecification;
  std::string title;
  std::string description;  ///< which documents it stands for
};

enum class Level { kMust, kShould, kPractice, kDocumented, kCompat };
std::string_view to_string(Level level);

/// How far a verdict may go, whatever the level: what the text really says.
enum class Strength {
  kKeyword,     ///< the keyword stands on just this
  kDefinition,  ///< a required parameter, a grammar, a definition
  kPlain,       ///< said without a keyword
  kDerived,     ///< follows from another's duty
  kPractice,    ///< no specification
  kTolerance,   ///< others may do this: whoever breaks on it is no good partner
};
std::string_view to_string(Strength strength);

/// One documented statement about how a client behaves.
struct Statement {
  std::string id;  ///< "RFR-008", "RFC8628-3.5-SLOW-DOWN"
  Level level = Level::kMust;
  std::string text;    ///< in our own words
  std::string source;  ///< "RFC 8628 §3.5", or seed file and heading
  std::string url;     ///< "" for the seeds
  std::string book{};  ///< the folder it stands in: "planet_auth", "oauth"
  BookKind kind = BookKind::kSpecification;
  Strength strength = Strength::kKeyword;
  std::string binds{"client"};            ///< "client", "relying_party", "native_app", "resource_server"
  std::vector<std::string> conditions{};  ///< `if`: all must be witnessed (scenarios/condition.hpp)
  std::string allowed{};                  ///< what is tolerated, for people
  std::vector<std::string> variations{};  ///< of practice: outside of these alone it is advice
  std::string excluded{};                 ///< why it is not judged; "" for nearly all

  /// What comes before the first dash of the id: "RFR", "RFC8628".
  std::string area() const { return id.substr(0, id.find('-')); }
};
using Statements = std::map<std::string, Statement>;

/// The books of `directory` by id, from its books.yaml. Errors: `kBadInput` with file:line:column.
oidc::Result<std::map<std::string, Book>> load_books(const std::string& directory);

/// The statements of all *.yaml files below the books' folders in `directory`, by id. Errors: `kBadInput` with
/// file:line:column.
oidc::Result<Statements> load_statements(const std::string& directory);

/// As above from one file, all of them of the book `book`: a project's own statements.
oidc::Result<Statements> load_statement_file(const std::string& file, const Book& book);

/// The id that an unknown one was probably meant to be; "" if none is near.
std::string nearest_statement(const std::string& id, const Statements& statements);

}  // namespace scenarios
