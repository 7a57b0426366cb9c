#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "mockserver/issuers.hpp"
#include "mockserver/server.hpp"
#include "oidc/http.hpp"
#include "runner/places.hpp"
#include "runner/wiretap.hpp"
#include "scenarios/runner.hpp"

namespace scenarios {

using MakeConfig = std::function<mockserver::IssuerConfig(const Places& places)>;

/// One scenario's issuer at the place where its client finds it; removed again when destroyed.
class Lodging {
 public:
  Lodging() = default;
  Lodging(const Lodging&) = delete;
  Lodging& operator=(const Lodging&) = delete;
  virtual ~Lodging() = default;

  virtual mockserver::Issuer& issuer() = 0;
  virtual const Places& places() const = 0;
  virtual const Wiretap& wiretap() const = 0;
  /// The way to the issuer for clients in this process.
  virtual oidc::HttpTransport& transport() = 0;
  /// The scripted browser's, which never follows a redirect by itself: what a redirect says may
  /// have to be changed before the client sees it.
  virtual oidc::HttpTransport& browser_transport() = 0;
  /// For how long, in real time, some request has been in our hands.
  virtual oidc::Duration served() const { return {}; }
};

/// Where issuers live: behind a function call, or behind one server for all scenarios.
/// Thread-safe.
class Hosting {
 public:
  Hosting() = default;
  Hosting(const Hosting&) = delete;
  Hosting& operator=(const Hosting&) = delete;
  virtual ~Hosting() = default;

  /// `make_config` is given the addresses, which are known only now; `seed` names the issuer. `clock` must outlive the
  /// lodging. Throws `oidc::Failure` if the issuer cannot be made.
  virtual std::unique_ptr<Lodging> lodge(const MakeConfig& make_config, std::uint64_t seed, oidc::Clock& clock) = 0;
  /// Trust anchor of https; "" otherwise.
  virtual std::string ca_file() const = 0;
};

/// Errors: `kInvalidArgument`, `kUnknown` if the server or its certificate cannot be made. The
/// CA's certificate is written below `directory`.
oidc::Result<std::unique_ptr<Hosting>> make_hosting(Transport transport, const std::filesystem::path& directory);

}  // namespace scenarios
