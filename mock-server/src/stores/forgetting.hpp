#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace mockserver {

/// Lets go of the entries of `map` that rank lowest, so that `most` are left. `rank` of an entry is what is compared;
/// whatever is still good for something ranks above what isn't, and the younger above the older. A tenth goes at once:
/// whoever adds an entry is not to pay for all of them each time.
template <typename Map, typename Rank>
void forget_beyond(Map& map, std::size_t most, const Rank& rank) {
  if (map.size() <= most + most / 10) {
    return;
  }
  using Ranked = std::pair<decltype(rank(*map.begin())), typename Map::iterator>;
  std::vector<Ranked> all;
  all.reserve(map.size());
  for (auto entry = map.begin(); entry != map.end(); ++entry) {
    all.emplace_back(rank(*entry), entry);
  }
  const auto kept = all.begin() + static_cast<std::ptrdiff_t>(map.size() - most);
  std::nth_element(all.begin(), kept, all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::for_each(all.begin(), kept, [&](const Ranked& one) { map.erase(one.second); });
}

}  // namespace mockserver
