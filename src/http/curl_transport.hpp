#pragma once
#include <memory>

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

/// HTTP/1.1 over libcurl. Keeps its connections alive between exchanges. Certificates are checked against the
/// system's authorities; only http and https are spoken; redirects are never followed; the usual proxy
/// variables of the environment are honoured.
class CurlTransport final : public Transport {
 public:
  CurlTransport();
  ~CurlTransport() override;

  [[nodiscard]] Expected<HttpAnswer, TransportFailure> exchange(const HttpRequest& request) override;
  void cancel() override;

 private:
  struct Handles;
  std::unique_ptr<Handles> handles_;
};

}  // namespace offboard
