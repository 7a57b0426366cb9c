#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <utility>

#include "oidc/schema.hpp"
#include "scenarios/condition.hpp"
#include "scenarios/document.hpp"
#include "scenarios/statement.hpp"
#include "statements/file.hpp"

namespace scenarios {
namespace {

namespace fs = std::filesystem;

/// The *.yaml files in and below `directory`, in order.
std::vector<fs::path> files_below(const fs::path& directory) {
  std::error_code error;
  std::vector<fs::path> files;
  for (fs::recursive_directory_iterator entry{directory, error}, end; entry != end && !error; entry.increment(error)) {
    if (entry->path().extension() == ".yaml") {
      files.push_back(entry->path());
    }
  }
  std::ranges::sort(files);
  return files;
}

constexpr const char* kRegistry = "books.yaml";

oidc::Error bad_input(std::string text) {
  return {oidc::Errc::kBadInput, std::move(text)};
}

}  // namespace

oidc::Result<std::map<std::string, Book>> load_books(const std::string& directory) {
  const std::string file = (fs::path{directory} / kRegistry).string();
  StatementReader reader{file};
  auto books = reader.books();
  return reader.complaints().empty() ? oidc::Result<std::map<std::string, Book>>{std::move(books)}
                                     : bad_input(reader.complaints());
}

oidc::Result<Statements> load_statements(const std::string& directory) {
  const auto books = load_books(directory);
  if (!books) {
    return books.error();
  }
  Statements statements;
  std::string complaints;
  const auto complain = [&](const std::string& lines) { complaints += (complaints.empty() ? "" : "\n") + lines; };
  for (const fs::path& file : files_below(directory)) {
    const fs::path way = file.lexically_relative(directory);
    const std::string folder = way.has_parent_path() ? way.begin()->string() : "";
    if (way == kRegistry) {
      continue;
    }
    const auto book = books->find(folder);
    if (book == books->end()) {
      std::vector<std::string> known;
      for (const auto& [id, unused] : *books) {
        known.push_back(id);
      }
      complain(fmt::format("{}:1:1: it stands in the book \"{}\", which {} does not list{}", file.string(), folder,
                           kRegistry, oidc::did_you_mean(folder, known)));
      continue;
    }
    StatementReader reader{file.string()};
    reader.add_statements(book->second, statements);
    if (!reader.complaints().empty()) {
      complain(reader.complaints());
    }
  }
  if (statements.empty() && complaints.empty()) {
    complain(directory + ":1:1: no statements (*.yaml in the books' folders) here");
  }
  return complaints.empty() ? oidc::Result<Statements>{std::move(statements)} : bad_input(complaints);
}

oidc::Result<Statements> load_statement_file(const std::string& file, const Book& book) {
  Statements statements;
  StatementReader reader{file};
  reader.add_statements(book, statements);
  return reader.complaints().empty() ? oidc::Result<Statements>{std::move(statements)} : bad_input(reader.complaints());
}

std::string nearest_statement(const std::string& id, const Statements& statements) {
  std::vector<std::string> ids;
  ids.reserve(statements.size());
  for (const auto& [known, statement] : statements) {
    ids.push_back(known);
  }
  return oidc::nearest_name(id, ids);
}

}  // namespace scenarios
