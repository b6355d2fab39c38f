#pragma once
#include <openssl/ssl.h>

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace offboard::test {

/// A server on loopback that speaks TLS with a certificate of its own making and answers every request with
/// 200. It resumes sessions, and writes down how each connection began.
class TlsServer {
 public:
  struct Handshake {
    bool is_resumed = false;
    std::vector<std::string> offered;  // protocols (ALPN), by the client
    std::vector<std::string> requests;
  };

  TlsServer();
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;
  ~TlsServer();

  [[nodiscard]] std::string url() const { return "https://127.0.0.1:" + std::to_string(port_) + "/"; }

  /// Its certificate, for whoever is to believe it.
  [[nodiscard]] std::filesystem::path ca_file() const { return folder_ / "authority.pem"; }

  /// Those that came about, in order.
  [[nodiscard]] std::vector<Handshake> handshakes() const;

 private:
  void make_certificate();
  void serve();
  void serve_connection(int connection);
  static int choose_protocol(SSL* ssl, const unsigned char** chosen, unsigned char* size,
                             const unsigned char* offered, unsigned offered_size, void* user);

  std::filesystem::path folder_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  int listener_ = -1;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::vector<Handshake> handshakes_;
  std::vector<std::thread> connections_;
  std::thread thread_;
};

}  // namespace offboard::test
