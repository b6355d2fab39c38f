#include "tls_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <stdexcept>
#include <string_view>

namespace offboard::test {
namespace {

constexpr std::string_view k_answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

std::vector<std::string> protocols_in(const unsigned char* offered, unsigned size) {
  std::vector<std::string> names;
  for (unsigned at = 0; at < size; at += offered[at] + 1U)
    names.emplace_back(reinterpret_cast<const char*>(offered) + at + 1, offered[at]);
  return names;
}

/// Reads a request whose body, if it has one, comes in one piece with its head or stands in one record.
std::string read_request(SSL* ssl) {
  std::string request;
  char buffer[4096];
  while (request.find("\r\n\r\n") == std::string::npos) {
    const int size = SSL_read(ssl, buffer, sizeof buffer);
    if (size <= 0) return "";
    request.append(buffer, static_cast<std::size_t>(size));
  }
  return request;
}

}  // namespace

TlsServer::TlsServer() : context_(SSL_CTX_new(TLS_server_method()), SSL_CTX_free) {
  std::signal(SIGPIPE, SIG_IGN);
  std::string name = (std::filesystem::temp_directory_path() / "offboard-tls-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for the test");
  folder_ = name;
  make_certificate();
  SSL_CTX_set_alpn_select_cb(context_.get(), choose_protocol, nullptr);
  constexpr unsigned char k_id[] = "test";
  SSL_CTX_set_session_id_context(context_.get(), k_id, sizeof k_id - 1);
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, plain, size) != 0 || ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, plain, &size) != 0)
    throw std::runtime_error("no server on loopback");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

TlsServer::~TlsServer() {
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  for (auto& connection : connections_) connection.join();
  ::close(listener_);
  std::filesystem::remove_all(folder_);
}

std::vector<TlsServer::Handshake> TlsServer::handshakes() const {
  const std::lock_guard lock(mutex_);
  return handshakes_;
}

void TlsServer::make_certificate() {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"), EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  auto* name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"), -1, -1,
                             0);
  X509_set_issuer_name(certificate.get(), name);
  X509_set_pubkey(certificate.get(), key.get());
  auto* names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
  X509_add_ext(certificate.get(), names, -1);
  X509_EXTENSION_free(names);
  X509_sign(certificate.get(), key.get(), EVP_sha256());
  SSL_CTX_use_certificate(context_.get(), certificate.get());
  SSL_CTX_use_PrivateKey(context_.get(), key.get());
  const std::unique_ptr<BIO, decltype(&BIO_free)> file(BIO_new_file(ca_file().c_str(), "w"), BIO_free);
  if (PEM_write_bio_X509(file.get(), certificate.get()) != 1) throw std::runtime_error("no certificate");
}

void TlsServer::serve() {
  while (true) {
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) return;
    connections_.emplace_back([this, connection] { serve_connection(connection); });
  }
}

void TlsServer::serve_connection(int connection) {
  const std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(context_.get()), SSL_free);
  SSL_set_fd(ssl.get(), connection);
  Handshake seen;
  SSL_set_app_data(ssl.get(), &seen);
  if (SSL_accept(ssl.get()) == 1) {
    seen.is_resumed = SSL_session_reused(ssl.get()) == 1;
    std::size_t which = 0;
    {
      const std::lock_guard lock(mutex_);
      which = handshakes_.size();
      handshakes_.push_back(seen);
    }
    for (auto request = read_request(ssl.get()); !request.empty(); request = read_request(ssl.get())) {
      {
        const std::lock_guard lock(mutex_);
        handshakes_[which].requests.push_back(request);
      }
      SSL_write(ssl.get(), k_answer.data(), static_cast<int>(k_answer.size()));
    }
    SSL_shutdown(ssl.get());
  }
  ::close(connection);
}

/// HTTP/1.1 whatever is offered.
int TlsServer::choose_protocol(SSL* ssl, const unsigned char** chosen, unsigned char* size,
                               const unsigned char* offered, unsigned offered_size, void* /*user*/) {
  static_cast<Handshake*>(SSL_get_app_data(ssl))->offered = protocols_in(offered, offered_size);
  constexpr std::string_view k_own = "\x08http/1.1";
  unsigned char* found = nullptr;
  const auto* own = reinterpret_cast<const unsigned char*>(k_own.data());
  if (SSL_select_next_proto(&found, size, own, static_cast<unsigned>(k_own.size()), offered, offered_size) !=
      OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_NOACK;
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace offboard::test
