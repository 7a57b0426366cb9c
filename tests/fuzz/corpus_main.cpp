// Runs a corpus, and simple changes of it, without a fuzzer: fuzz_corpus TARGET CORPUS CHANGES.
//
// The changes are the same each time. Each input is first written to the file that FUZZ_LAST names, if it names one:
// what stands there when the process has ended is what ended it.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "target.hpp"

namespace {

std::vector<std::string> read_corpus(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
    if (entry.is_regular_file()) {
      files.push_back(entry.path());
    }
  }
  std::ranges::sort(files);
  std::vector<std::string> texts;
  for (const auto& path : files) {
    std::ifstream file{path, std::ios::binary};
    texts.emplace_back(std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{});
  }
  return texts;
}

/// Cuts, repeats, replaces and splices: one to four times.
class Changes {
 public:
  explicit Changes(const std::vector<std::string>& corpus) : corpus_{corpus} {}

  std::string next() {
    std::string text = corpus_[below(corpus_.size())];
    for (std::size_t i = below(4) + 1; i > 0; --i) {
      change(text);
    }
    return text;
  }

 private:
  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : static_cast<std::size_t>(engine_() % limit); }

  void change(std::string& text) {
    const std::size_t at = below(text.size() + 1);
    const std::size_t size = below(std::min<std::size_t>(text.size() - at, 8) + 1);
    switch (below(6)) {
      case 0:
        text.erase(at, size);
        break;
      case 1:
        text.insert(at, text.substr(at, size));
        break;
      case 2:
        text.insert(at, 1, static_cast<char>(below(256)));
        break;
      case 3:
        text.replace(at, std::min<std::size_t>(size, 1), 1, static_cast<char>(below(256)));
        break;
      case 4:
        text.replace(at, size, kPieces[below(std::size(kPieces))]);
        break;
      default: {
        const std::string& other = corpus_[below(corpus_.size())];
        text.replace(at, std::string::npos, other.substr(below(other.size() + 1)));
      }
    }
  }

  static constexpr const char* kPieces[] = {"null",   "true", "-1",   "1e999", "18446744073709551616",
                                            "{}",     "[]",   "\"\"", "%00",   "%ff",
                                            "%",      "\xff", "..",   "//",    "{{rt}}",
                                            "\r\n",   "\n",   " ",    "&",     "[::1]",
                                            "\\u0000"};
  const std::vector<std::string>& corpus_;
  std::mt19937_64 engine_{1};
};

void note(const std::string& text) {
  static const char* const file = std::getenv("FUZZ_LAST");
  if (file != nullptr) {
    std::ofstream{file, std::ios::binary} << text;
  }
}

}  // namespace

int main(int argc, char** argv) {
  const fuzz::Target* target = argc == 4 ? fuzz::find_target(argv[1]) : nullptr;
  if (target == nullptr) {
    std::fprintf(stderr, "usage: fuzz_corpus TARGET CORPUS CHANGES\n");
    return 2;
  }
  const auto corpus = read_corpus(argv[2]);
  fuzz::require(!corpus.empty(), "an empty corpus");
  for (const auto& text : corpus) {
    note(text);
    target->run(text);
  }
  Changes changes{corpus};
  const long count = std::atol(argv[3]);
  for (long i = 0; i < count; ++i) {
    const std::string text = changes.next();
    note(text);
    target->run(text);
  }
  std::printf("%zu files and %ld changes of them\n", corpus.size(), count);
  return 0;
}
