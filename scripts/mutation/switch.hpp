// Included by the copies of source files that scripts/mutants makes: which small fault is on, by $ASSAY_MUTANT, and
// which were come by, into the file $ASSAY_MUTANTS_SEEN.
#pragma once

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace mutants {

constexpr unsigned kMost = 20'000;

class Seen {
 public:
  Seen() = default;
  Seen(const Seen&) = delete;
  Seen& operator=(const Seen&) = delete;
  ~Seen() {
    const char* path = std::getenv("ASSAY_MUTANTS_SEEN");
    std::FILE* file = path == nullptr ? nullptr : std::fopen(path, "a");
    if (file == nullptr) {
      return;
    }
    for (unsigned number = 0; number < kMost; ++number) {
      if (was_[number].load(std::memory_order_relaxed)) {
        std::fprintf(file, "%u\n", number);
      }
    }
    std::fclose(file);
  }
  void add(unsigned number) { was_[number].store(true, std::memory_order_relaxed); }

 private:
  std::atomic<bool> was_[kMost] = {};
};

inline Seen& seen() {
  static Seen seen;
  return seen;
}

/// True while the fault `number` is the one that is tried.
inline bool is_on(unsigned number) {
  static const unsigned chosen = [] {
    const char* text = std::getenv("ASSAY_MUTANT");
    return text == nullptr ? 0U : static_cast<unsigned>(std::atoi(text));
  }();
  if (chosen == 0) {
    seen().add(number);
  }
  return chosen == number;
}

template <class A, class B>
auto less(unsigned number, const A& a, const B& b) {
  return is_on(number) ? a <= b : a < b;
}
template <class A, class B>
auto less_equal(unsigned number, const A& a, const B& b) {
  return is_on(number) ? a < b : a <= b;
}
template <class A, class B>
auto greater(unsigned number, const A& a, const B& b) {
  return is_on(number) ? a >= b : a > b;
}
template <class A, class B>
auto greater_equal(unsigned number, const A& a, const B& b) {
  return is_on(number) ? a > b : a >= b;
}
template <class A, class B>
auto plus(unsigned number, const A& a, const B& b) {
  return is_on(number) ? a - b : a + b;
}
template <class A, class B>
auto minus(unsigned number, const A& a, const B& b) {
  return is_on(number) ? a + b : a - b;
}
template <class A>
A& chosen(unsigned number, A& usual, A& other) {
  return is_on(number) ? other : usual;
}

}  // namespace mutants
