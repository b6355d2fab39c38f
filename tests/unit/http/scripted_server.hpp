#pragma once
#include <http/curl_transport.hpp>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace offboard::test {

/// What the server does with one request.
struct Step {
  enum class Then {
    keep,   ///< the connection stays open for the next request
    close,  ///< closed in order
    reset,  ///< cut with an RST
    hold    ///< nothing more is sent; it is closed when the client goes or the server ends
  };
  std::string bytes;  // sent as they stand
  Then then = Then::keep;
};

/// A server on loopback that sends what the test has written down, whatever it is asked: the first step
/// answers the first request, and so on; the last one is repeated. Every byte it received is kept. Its
/// connections are served one after the other, in a thread of its own.
class ScriptedServer {
 public:
  enum class Speaks { when_asked, first };  // `first`: sends its step as soon as a client has connected

  explicit ScriptedServer(std::vector<Step> steps, Speaks speaks = Speaks::when_asked);
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;
  ~ScriptedServer();

  [[nodiscard]] std::string url(const std::string& path = "/", const std::string& scheme = "http") const;
  [[nodiscard]] std::vector<std::string> requests() const;  // head and body of each, in order of arrival
  [[nodiscard]] std::size_t connections() const;

  /// Returns when that many requests have arrived; false if they have not after ten seconds.
  [[nodiscard]] bool wait_for_requests(std::size_t count) const;

 private:
  void serve();
  void serve_connection(int connection);
  [[nodiscard]] std::string read_request(int connection, std::string& left_over);
  [[nodiscard]] bool wait_readable(int fd) const;                   // false: the server is to end
  [[nodiscard]] bool play(int connection, const Step& step) const;  // false: the connection is over
  [[nodiscard]] Step next_step();

  std::vector<Step> steps_;
  Speaks speaks_;
  int listener_ = -1;
  int stop_[2] = {-1, -1};
  int port_ = 0;
  std::size_t played_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  std::vector<std::thread> connections_;  // joined when the server ends
  std::thread thread_;
};

/// An answer with a body and its length.
inline std::string answer(const std::string& status, const std::string& body,
                          const std::string& headers = "") {
  return "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

inline HttpRequest get(const std::string& url) {
  HttpRequest request;
  request.url = url;
  request.timeout = seconds(20);
  return request;
}

inline HttpRequest patch(const std::string& url, ConnectionUse use = ConnectionUse::fresh) {
  auto request = get(url);
  request.method = Method::patch;
  request.connection = use;
  request.body = R"({"relationshipToPartner":"none"})";
  return request;
}

/// How many of the requests begin with that word.
inline std::size_t count_of(const std::string& verb, const std::vector<std::string>& requests) {
  std::size_t count = 0;
  for (const auto& request : requests) count += request.substr(0, verb.size() + 1) == verb + " " ? 1U : 0U;
  return count;
}

/// One libcurl for all cases of the program.
inline void use_curl() {
  static const CurlLibrary library;
}

}  // namespace offboard::test
