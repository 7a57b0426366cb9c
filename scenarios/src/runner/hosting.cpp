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

constexpr const char* kElsewhere = "elsewhere";
constexpr const char* kSecondOrigin = "second_origin";

oidc::HttpResponse nobody_here() {
  return {404, {{"Content-Type", "text/plain; charset=utf-8"}}, "nobody is here\n"};
}

/// Lets the wiretap see what goes by, and answers for those who are not there.
class TappedTransport final : public oidc::HttpTransport {
 public:
  TappedTransport(oidc::HttpTransport& inner, const mockserver::Issuers& issuers, const Places& places,
                  Wiretap& wiretap)
      : inner_{inner}, issuers_{issuers}, places_{places}, wiretap_{wiretap} {}

  oidc::Result<oidc::HttpResponse> send(const oidc::HttpRequest& request) override {
    wiretap_.saw(request);
    const auto url = oidc::parse_url(request.url);
    const bool is_second = url && url->origin() == places_.second_origin;
    if (is_second || (url && url->origin() == places_.origin && issuers_.route(url->path) == nullptr)) {
      wiretap_.saw_elsewhere(request, is_second ? kSecondOrigin : kElsewhere, nobody_here().status);
      return nobody_here();
    }
    return inner_.send(request);
  }

 private:
  oidc::HttpTransport& inner_;
  const mockserver::Issuers& issuers_;
  const Places& places_;
  Wiretap& wiretap_;
};

class DirectLodging final : public Lodging {
 public:
  DirectLodging(const MakeConfig& make_config, std::uint64_t seed, oidc::Clock& clock)
      : wiretap_{clock},
        issuers_{places_.origin},
        inner_{issuers_, clock},
        transport_{inner_, issuers_, places_, wiretap_} {
    places_.issuer = places_.origin + "/" + name_of(seed);
    issuer_ = issuers_.create(name_of(seed), make_config(places_), clock).value();
    places_.issuer = issuer_->base_url();
  }

  mockserver::Issuer& issuer() override { return *issuer_; }
  const Places& places() const override { return places_; }
  const Wiretap& wiretap() const override { return wiretap_; }
  oidc::HttpTransport& transport() override { return transport_; }
  oidc::HttpTransport& browser_transport() override { return inner_; }

 private:
  Places places_ = places_in_general();
  Wiretap wiretap_;
  mockserver::Issuers issuers_;
  mockserver::DirectTransport inner_;
  TappedTransport transport_;
  std::shared_ptr<mockserver::Issuer> issuer_;
};

class DirectHosting final : public Hosting {
 public:
  std::unique_ptr<Lodging> lodge(const MakeConfig& make_config, std::uint64_t seed, oidc::Clock& clock) override {
    return std::make_unique<DirectLodging>(make_config, seed, clock);
  }
  std::string ca_file() const override { return ""; }
};

/// A server of its own, so that a scenario may take it down while others run; and one at which nobody is.
class ServedLodging final : public Lodging {
 public:
  ServedLodging(const mockserver::ServerOptions& server_options, const MakeConfig& make_config, std::uint64_t seed,
                oidc::Clock& clock, const std::string& ca_file)
      : wiretap_{clock}, transport_{options(ca_file, kClientRedirects)}, browser_transport_{options(ca_file, 0)} {
    server_ = mockserver::Server::start(server_options, [this](const oidc::HttpRequest& request) {
                return handle(request);
              }).value();
    second_server_ = mockserver::Server::start(server_options, [this](const oidc::HttpRequest& request) {
                       return turn_away(request, kSecondOrigin);
                     }).value();
    places_ = {server_->origin() + "/" + name_of(seed), server_->origin(), second_server_->origin()};
    issuers_ = std::make_unique<mockserver::Issuers>(server_->origin());
    issuer_ = issuers_->create(name_of(seed), make_config(places_), clock).value();
    places_.issuer = issuer_->base_url();
    ready_ = issuers_.get();
  }
  ~ServedLodging() override {
    server_.reset();
    second_server_.reset();
  }

  mockserver::Issuer& issuer() override { return *issuer_; }
  const Places& places() const override { return places_; }
  const Wiretap& wiretap() const override { return wiretap_; }
  oidc::HttpTransport& transport() override { return transport_; }
  oidc::HttpTransport& browser_transport() override { return browser_transport_; }
  oidc::Duration served() const override { return server_->open_time() + second_server_->open_time(); }

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
      return turn_away(request, kElsewhere);
    }
    wiretap_.saw(request);
    return {issuer->handle(request), &issuer->clock(), issuer};
  }

  mockserver::ServedReply turn_away(const oidc::HttpRequest& request, const char* where) {
    wiretap_.saw(request);
    wiretap_.saw_elsewhere(request, where, nobody_here().status);
    return {{nobody_here(), {}}, nullptr, {}};
  }

  Places places_;
  Wiretap wiretap_;
  oidc::HttpClient transport_;
  oidc::HttpClient browser_transport_;
  std::unique_ptr<mockserver::Issuers> issuers_;     // its origin is known once the server has a port …
  std::atomic<const mockserver::Issuers*> ready_{};  // … and the server's threads ask earlier
  std::shared_ptr<mockserver::Issuer> issuer_;
  std::unique_ptr<mockserver::Server> server_;
  std::unique_ptr<mockserver::Server> second_server_;
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

  std::unique_ptr<Lodging> lodge(const MakeConfig& make_config, std::uint64_t seed, oidc::Clock& clock) override {
    return std::make_unique<ServedLodging>(options_, make_config, seed, clock, ca_file_);
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
