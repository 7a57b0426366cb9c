#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "oidc/result.hpp"

/// HTTP messages as plain values, and the one seam that requests are sent through.
namespace oidc {

/// Header fields in the order they came; names are compared without case (RFC 9110 §5.1).
class Headers {
 public:
  using Field = std::pair<std::string, std::string>;

  Headers() = default;
  Headers(std::initializer_list<Field> fields) : fields_{fields} {}

  void add(std::string name, std::string value);
  /// Replaces every field of that name by one.
  void set(std::string_view name, std::string value);
  void remove(std::string_view name);

  /// The first value of that name.
  std::optional<std::string> get(std::string_view name) const;
  bool contains(std::string_view name) const;
  std::size_t count(std::string_view name) const;

  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }
  bool operator==(const Headers&) const = default;

 private:
  std::vector<Field> fields_;
};

/// A request with an absolute URL.
struct HttpRequest {
  std::string method = "GET";
  std::string url;
  Headers headers;
  std::string body;
};

struct HttpResponse {
  int status = 0;
  Headers headers;
  std::string body;
};

/// The media type of the Content-Type header in lower case, without parameters; "" if absent.
std::string media_type(const Headers& headers);

/// Sends a request and waits for the reply. Thread-safe.
///
/// A reply with any status, also 404 or 500, is a success of the call. Errors:
/// `kConnectFailed` and `kTls` (definite: nothing was sent), `kTimeout`,
/// `kNetwork` and `kResponseTooLarge` (`definite` is false: the server may have acted).
class HttpTransport {
 public:
  HttpTransport() = default;
  HttpTransport(const HttpTransport&) = delete;
  HttpTransport& operator=(const HttpTransport&) = delete;
  virtual ~HttpTransport() = default;

  virtual Result<HttpResponse> send(const HttpRequest& request) = 0;
};

}  // namespace oidc
