#include "server/wire_plan.hpp"

#include <fmt/format.h>

#include <boost/beast/core/string.hpp>

namespace mockserver {
namespace {

namespace http = boost::beast::http;

std::string head_of(const WireResponse& reply) {
  const auto version = reply.version();
  std::string text =
      fmt::format("HTTP/{}.{} {} {}\r\n", version / 10, version % 10, reply.result_int(), std::string{reply.reason()});
  for (const auto& field : reply) {
    text += std::string{field.name_string()} + ": " + std::string{field.value()} + "\r\n";
  }
  return text + "\r\n";
}

std::string half_of(const std::string& body) {
  return body.substr(0, body.size() / 2);
}

/// One good chunk with half of the body, then the rest without the line that tells its size.
std::string badly_chunked(WireResponse reply) {
  reply.erase(http::field::content_length);
  reply.set(http::field::transfer_encoding, "chunked");
  const std::string half = half_of(reply.body());
  // A size of 0 would be the end of the body.
  const std::string chunk = half.empty() ? "" : fmt::format("{:x}\r\n{}\r\n", half.size(), half);
  return head_of(reply) + chunk + "\r\n" + reply.body().substr(half.size()) + "\r\n0\r\n\r\n";
}

}  // namespace

WirePlan plan_reply(const WireResponse& reply, Fault fault) {
  using End = WirePlan::End;
  switch (fault) {
    case Fault::kNone:
      return {head_of(reply) + reply.body(), End::kNext};
    case Fault::kReset:
      return {"", End::kReset};
    case Fault::kResetAfterHeaders:
      return {head_of(reply), End::kReset};
    case Fault::kResetMidBody:
      return {head_of(reply) + half_of(reply.body()), End::kReset};
    case Fault::kEmpty:
      return {"", End::kClose};
    case Fault::kTruncate:
      return {head_of(reply) + half_of(reply.body()), End::kClose};
    case Fault::kBadChunk:
      return {badly_chunked(reply), End::kClose};
    case Fault::kHang:
      return {"", End::kHang};
  }
  return {};
}

}  // namespace mockserver
