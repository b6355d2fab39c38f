#pragma once
#include <filesystem>
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

/// HTTP/1.1 over libcurl. Keeps its connections alive between exchanges. TLS 1.2 or later, the server's
/// certificate and its name always checked; only http and https are spoken; redirects are never followed; the
/// usual proxy variables of the environment are honoured.
class CurlTransport final : public Transport {
 public:
  /// `ca_file` holds the authorities to believe, as PEM; empty: the system's.
  explicit CurlTransport(std::filesystem::path ca_file = {});
  ~CurlTransport() override;

  [[nodiscard]] Expected<HttpAnswer, TransportFailure> exchange(const HttpRequest& request) override;
  void cancel() override;

 private:
  struct Handles;
  std::filesystem::path ca_file_;
  std::unique_ptr<Handles> handles_;
};

}  // namespace offboard
