#pragma once

#include <string>

#include <boost/asio/ip/tcp.hpp>

#include "mockserver/server.hpp"
#include "server/connections.hpp"
#include "server/elastic_pool.hpp"
#include "server/open_time.hpp"

namespace boost::asio::ssl {
class context;
}

namespace mockserver {

class Listener;

/// What all connections of a server share; outlives them.
struct SessionContext {
  const ServerOptions& options;
  const Handler& handler;
  const std::string& origin;
  ElasticPool& pool;
  Connections& connections;
  Listener& listener;
  OpenTime& open_time;
};

/// Serves a connection until it ends. The socket's executor is a strand of its own; the
/// session lives as long as an operation on it is pending. `tls` is null for plain http.
void start_session(const SessionContext& context, boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls);

/// Resets the connection once its client has said the first word.
void abort_handshake(const SessionContext& context, boost::asio::ip::tcp::socket socket);

}  // namespace mockserver
