#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.hpp"
#include "base/time.hpp"

namespace offboard {

enum class Method { get, post, patch };

struct Header {
  std::string name;
  std::string value;
};

enum class ConnectionUse {
  kept_alive,  ///< may go over a connection that served an earlier request
  fresh        ///< a new connection, closed afterwards; see Transport::exchange
};

struct HttpRequest {
  Method method = Method::get;
  std::string url;
  std::vector<Header> headers;
  std::string body;
  ConnectionUse connection = ConnectionUse::kept_alive;
  milliseconds timeout = std::chrono::minutes(3);  // whole exchange
  milliseconds connect_timeout = seconds(10);
  std::size_t max_answer_bytes = 64 * 1024 * 1024;  // after decompression
};

struct HttpAnswer {
  int status = 0;
  std::vector<Header> headers;
  std::string body;

  /// The value of the last header of that name in any letter case, or nullptr.
  [[nodiscard]] const std::string* header(std::string_view name) const;
};

enum class TransportFailureKind {
  not_sent,     ///< no connection (name, connect, TLS): the server cannot have acted
  not_trusted,  ///< likewise, because of the server's certificate
  timeout,      ///< no whole answer in time
  cut,          ///< the connection broke, or what came is not HTTP
  too_large,    ///< the answer exceeds max_answer_bytes
  cancelled     ///< by cancel()
};

struct TransportFailure {
  TransportFailureKind kind = TransportFailureKind::cut;
  std::string message;
};

[[nodiscard]] std::string_view name_of(TransportFailureKind kind);

/// Sends one request and returns its answer, whatever its status, or why there is none. No waiting, no retry,
/// no redirect. One of the three seams at the edge of the process. An instance belongs to one thread; only
/// cancel() may be called from another.
class Transport {
 public:
  virtual ~Transport() = default;

  /// With ConnectionUse::fresh at most one copy of the request reaches the server. With kept_alive the HTTP
  /// library may send it again by itself when a connection turns out to be dead (measured with libcurl 7.88,
  /// for every method) or, under HTTP/2, a stream is refused, so that is for requests that do no harm twice.
  [[nodiscard]] virtual Expected<HttpAnswer, TransportFailure> exchange(const HttpRequest& request) = 0;

  /// Makes the exchange under way, or if there is none the next one, return `cancelled` promptly.
  virtual void cancel() = 0;
};

}  // namespace offboard
