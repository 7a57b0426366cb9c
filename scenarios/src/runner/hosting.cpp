#include "runner/hosting.hpp"

#include <fmt/format.h>

#include <atomic>
#include <fstream>

#include "mockserver/direct_transport.hpp"
#include "oidc/http_client.hpp"
#include "oidc/url.hpp"

namespace scenarios {
namespace {

constexpr int kClientRedirects = 5;

/// Says nothing about the scenario: the client sees it in every URL.
std::string name_of(std::uint64_t seed) {
  return fmt::format("op-{:08x}", static_cast<std::uint32_t>(seed ^ (seed >> 32U)));
}

class DirectLodging final : public Lodging {
 public:
  DirectLodging(const mockserver::IssuerConfig& config, oidc::Clock& clock)
      : issuers_{"https://issuer.test"},
        transport_{issuers_, clock},
        issuer_{issuers_.create(name_of(config.seed), config, clock).value()} {}

  mockserver::Issuer& issuer() override { return *issuer_; }
  oidc::HttpTransport& transport() override { return transport_; }
  oidc::HttpTransport& browser_transport() override { return transport_; }

 private:
  mockserver::Issuers issuers_;
  mockserver::DirectTransport transport_;
  std::shared_ptr<mockserver::Issuer> issuer_;
};

class DirectHosting final : public Hosting {
 public:
  std::unique_ptr<Lodging> lodge(const mockserver::IssuerConfig& config, oidc::Clock& clock) override {
    return std::make_unique<DirectLodging>(config, clock);
  }
  std::string ca_file() const override { return ""; }
};

/// A server of its own, so that a scenario may take it down while others run.
class ServedLodging final : public Lodging {
 public:
  ServedLodging(const mockserver::ServerOptions& server_options, const mockserver::IssuerConfig& config,
                oidc::Clock& clock, const std::string& ca_file)
      : transport_{options(ca_file, kClientRedirects)}, browser_transport_{options(ca_file, 0)} {
    server_ = mockserver::Server::start(server_options, [this](const oidc::HttpRequest& request) {
                return handle(request);
              }).value();
    issuers_ = std::make_unique<mockserver::Issuers>(server_->origin());
    issuer_ = issuers_->create(name_of(config.seed), config, clock).value();
    ready_ = issuers_.get();
  }
  ~ServedLodging() override { server_.reset(); }

  mockserver::Issuer& issuer() override { return *issuer_; }
  oidc::HttpTransport& transport() override { return transport_; }
  oidc::HttpTransport& browser_transport() override { return browser_transport_; }

 private:
  static oidc::HttpClientOptions options(const std::string& ca_file, int max_redirects) {
    oidc::HttpClientOptions result;
    result.ca_file = ca_file;
    result.max_redirects = max_redirects;
    return result;
  }

  mockserver::ServedReply handle(const oidc::HttpRequest& request) {
    const mockserver::Issuers* issuers = ready_;
    const auto url = oidc::parse_url(request.url);
    const auto issuer = issuers != nullptr && url ? issuers->route(url->path) : nullptr;
    if (!issuer) {
      return {{{404, {{"Content-Type", "text/plain; charset=utf-8"}}, "no such issuer\n"}, {}}, nullptr, {}};
    }
    return {issuer->handle(request), &issuer->clock(), issuer};
  }

  oidc::HttpClient transport_;
  oidc::HttpClient browser_transport_;
  std::unique_ptr<mockserver::Issuers> issuers_;     // its origin is known once the server has a port …
  std::atomic<const mockserver::Issuers*> ready_{};  // … and the server's threads ask earlier
  std::shared_ptr<mockserver::Issuer> issuer_;
  std::unique_ptr<mockserver::Server> server_;
};

class ServedHosting final : public Hosting {
 public:
  static oidc::Result<std::unique_ptr<Hosting>> create(bool tls, const std::filesystem::path& directory) {
    auto hosting = std::make_unique<ServedHosting>();
    if (tls) {
      auto identity = mockserver::make_tls_identity();
      if (!identity) {
        return identity.error();
      }
      hosting->ca_file_ = (directory / "ca.pem").string();
      std::ofstream{hosting->ca_file_} << identity->ca_pem;
      hosting->options_.tls = std::make_shared<const mockserver::TlsIdentity>(*std::move(identity));
    }
    return std::unique_ptr<Hosting>{std::move(hosting)};
  }

  std::unique_ptr<Lodging> lodge(const mockserver::IssuerConfig& config, oidc::Clock& clock) override {
    return std::make_unique<ServedLodging>(options_, config, clock, ca_file_);
  }
  std::string ca_file() const override { return ca_file_; }

 private:
  std::string ca_file_;
  mockserver::ServerOptions options_;
};

}  // namespace

oidc::Result<std::unique_ptr<Hosting>> make_hosting(Transport transport, const std::filesystem::path& directory) {
  if (transport == Transport::kDirect) {
    return std::unique_ptr<Hosting>{std::make_unique<DirectHosting>()};
  }
  return ServedHosting::create(transport == Transport::kHttps, directory);
}

}  // namespace scenarios
