#pragma once

#include <string>
#include <vector>

#include "commands.hpp"
#include "oidc/result.hpp"

namespace cli {

/// The files that `assay` works with, laid out as in the source tree.
class Data {
 public:
  /// --data-dir, else $ASSAY_DATA, else ../share/assay beside the program, else the source
  /// tree. Errors: `kNotFound` if the chosen directory holds no scenario library.
  static oidc::Result<Data> locate(const Context& context);

  std::string library() const { return root_ + "/scenarios/library"; }
  std::string statements() const { return root_ + "/conformance/statements"; }
  /// How to start the client that is correct by default.
  std::vector<std::string> reference_client() const { return {"python3", root_ + "/conformance/clients/reference.py"}; }

 private:
  explicit Data(std::string root) : root_{std::move(root)} {}
  std::string root_;
};

}  // namespace cli
