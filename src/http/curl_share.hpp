#pragma once
#include <filesystem>
#include <memory>

namespace offboard {

/// What transports that trust the same authorities know in common: looked-up addresses, and TLS sessions to
/// resume, so that a removal on its fresh connection costs no full handshake. Never connections: libcurl
/// cannot share those between threads. A session is proof that the server's certificate was accepted once,
/// which is why the trust settings belong to the share and not to the single transport. Thread-safe.
class CurlShare {
 public:
  /// `ca_file` holds the authorities to believe, as PEM; empty: the system's.
  explicit CurlShare(std::filesystem::path ca_file = {});
  CurlShare(const CurlShare&) = delete;
  CurlShare& operator=(const CurlShare&) = delete;
  ~CurlShare();

 private:
  friend class CurlTransport;
  struct Handle;
  std::filesystem::path ca_file_;
  std::unique_ptr<Handle> handle_;
};

}  // namespace offboard
