#include "server/handshakes.hpp"

#include <utility>

#include "server/faulty_identity.hpp"

namespace mockserver {
namespace asio = boost::asio;
namespace {

oidc::Result<std::unique_ptr<asio::ssl::context>> make_context(const TlsIdentity& identity) {
  auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
  context->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                       asio::ssl::context::no_tlsv1_1);
  boost::system::error_code error;
  context->use_certificate_chain(asio::buffer(identity.certificate_pem), error);
  if (error) {
    return oidc::Error{oidc::Errc::kBadInput, "the server certificate cannot be used: " + error.message()};
  }
  context->use_private_key(asio::buffer(identity.key_pem), asio::ssl::context::pem, error);
  if (error) {
    return oidc::Error{oidc::Errc::kBadInput, "the server key cannot be used: " + error.message()};
  }
  return context;
}

}  // namespace

oidc::Result<std::unique_ptr<Handshakes>> Handshakes::create(const TlsIdentity& identity) {
  auto own = make_context(identity);
  if (!own) {
    return own.error();
  }
  return std::unique_ptr<Handshakes>{new Handshakes{identity, *std::move(own)}};
}

oidc::Status Handshakes::script(TlsFault fault, std::optional<std::size_t> times) {
  const std::scoped_lock lock{mutex_};
  if (fault == TlsFault::kNone) {
    script_.clear();
    return oidc::Done{};
  }
  if (fault != TlsFault::kAbort && !faulty_.contains(fault)) {
    const auto identity = make_faulty_identity(identity_, fault);
    if (!identity) {
      return identity.error();
    }
    auto context = make_context(*identity);
    if (!context) {
      return context.error();
    }
    faulty_.emplace(fault, *std::move(context));
  }
  script_.push_back({fault, times});
  return oidc::Done{};
}

asio::ssl::context* Handshakes::next() {
  const std::scoped_lock lock{mutex_};
  while (!script_.empty() && script_.front().left == 0U) {
    script_.pop_front();
  }
  if (script_.empty()) {
    return own_.get();
  }
  Scripted& scripted = script_.front();
  if (scripted.left) {
    --*scripted.left;
  }
  return scripted.fault == TlsFault::kAbort ? nullptr : faulty_.at(scripted.fault).get();
}

}  // namespace mockserver
