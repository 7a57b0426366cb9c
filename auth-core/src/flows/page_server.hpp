#pragma once

#include <functional>
#include <memory>
#include <string>

namespace authcore {

/// Answers requests on a loopback address, each on a connection of its own, by one thread for all of them. Nobody holds
/// up anybody else, or the end: a connection that is slow to ask is closed once there are too many, or at the end.
class PageServer {
 public:
  struct Request {
    std::string method;
    std::string target;  ///< as sent
  };
  struct Page {
    int status = 0;
    std::string type;
    std::string body;
    std::string policy{};  ///< Content-Security-Policy; "": none
  };
  /// Called by the server's thread.
  using Answer = std::function<Page(const Request& request)>;

  /// `address` is "127.0.0.1" or "::1", port 0 any free one. Null if it cannot be listened on.
  static std::unique_ptr<PageServer> open(const std::string& address, int port, Answer answer);
  PageServer(const PageServer&) = delete;
  PageServer& operator=(const PageServer&) = delete;
  /// Closes port and connections at once. Only pages that are on their way are sent to their end, for two seconds
  /// at most.
  ~PageServer();

  int port() const;

 private:
  class Loop;
  explicit PageServer(std::unique_ptr<Loop> loop);
  std::unique_ptr<Loop> loop_;
};

}  // namespace authcore
