#pragma once
#include <memory>

#include "http/curl_share.hpp"
#include "http/transport.hpp"

namespace offboard {

/// Must live as long as any CurlTransport; made once, by the first thread.
class CurlLibrary {
 public:
  CurlLibrary();
  CurlLibrary(const CurlLibrary&) = delete;
  CurlLibrary& operator=(const CurlLibrary&) = delete;
  ~CurlLibrary();
};

/// HTTP over libcurl: HTTP/2 where the server offers it over TLS, HTTP/1.1 otherwise, and always for a
/// request over a fresh connection: libcurl repeats more by itself under HTTP/2 (a refused stream, a GOAWAY).
/// Keeps its connections alive between exchanges. TLS 1.2 or later, the server's certificate and its name
/// checked in every handshake that does not resume a session in which they were; only http and https are
/// spoken; redirects are never followed; the usual proxy variables of the environment are honoured.
class CurlTransport final : public Transport {
 public:
  explicit CurlTransport(std::shared_ptr<CurlShare> share = std::make_shared<CurlShare>());
  ~CurlTransport() override;

  [[nodiscard]] Expected<HttpAnswer, TransportFailure> exchange(const HttpRequest& request) override;
  void cancel() override;

 private:
  struct Handles;
  std::shared_ptr<CurlShare> share_;
  std::unique_ptr<Handles> handles_;
};

}  // namespace offboard
