#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "simulator/partner_center.hpp"

namespace offboard::simulator {

struct ServerOptions {
  std::string address = "127.0.0.1";  // loopback only
  std::uint16_t port = 0;             // 0: any free one
};

/// HTTP/1.1 in front of a PartnerCenter, all on the thread that calls run(). What the wire does wrong is done
/// with the socket itself.
class Server {
 public:
  /// Listens. Throws std::invalid_argument for an address that is not loopback and MachineTrouble if the port
  /// cannot be had. The PartnerCenter must live longer.
  Server(PartnerCenter& service, const ServerOptions& options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  /// Serves until SIGTERM or SIGINT.
  void run();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace offboard::simulator
