#include "conformance/shard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "oidc/openssl.hpp"

namespace conformance {
namespace {

constexpr std::size_t kMost = 10'000;  // nobody has more machines, and products stay small

std::optional<std::size_t> whole_number(std::string_view text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc{} && end == text.data() + text.size();
  return is_number ? std::optional{number} : std::nullopt;
}

}  // namespace

std::string to_string(const Shard& shard) {
  return fmt::format("{}/{}", shard.index, shard.count);
}

oidc::Result<Shard> parse_shard(const std::string& text) {
  const std::size_t slash = text.find('/');
  const auto index = whole_number(std::string_view{text}.substr(0, slash));
  const bool has_count = slash != std::string::npos;
  const auto count = whole_number(has_count ? std::string_view{text}.substr(slash + 1) : std::string_view{});
  if (!index || !count || *index < 1 || *index > *count || *count > kMost) {
    return oidc::Error{
        oidc::Errc::kInvalidArgument,
        fmt::format("--shard: \"{}\" is no part of a whole; expected I/N, from 1/N to N/N, N at most {}", text, kMost)};
  }
  return Shard{*index, *count};
}

std::vector<scenarios::Scenario> take(const Shard& shard, const std::vector<scenarios::Scenario>& selection) {
  std::vector<std::pair<std::string, std::size_t>> order;  // hash and position
  for (std::size_t i = 0; i < selection.size(); ++i) {
    order.emplace_back(oidc::sha256(selection[i].id) + selection[i].file, i);
  }
  std::ranges::sort(order);
  const auto cut = [&](std::size_t k) { return order.size() * k / shard.count; };
  std::vector<std::size_t> chosen;
  for (std::size_t i = cut(shard.index - 1); i < cut(shard.index); ++i) {
    chosen.push_back(order[i].second);
  }
  std::ranges::sort(chosen);
  std::vector<scenarios::Scenario> part;
  for (const std::size_t position : chosen) {
    part.push_back(selection[position]);
  }
  return part;
}

}  // namespace conformance
