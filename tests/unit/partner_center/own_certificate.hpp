#pragma once
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <string_view>

namespace offboard::test {

/// A private key and a certificate for it, made for the test.
class OwnCertificate {
 public:
  explicit OwnCertificate(std::shared_ptr<EVP_PKEY> key)
      : key_(std::move(key)), certificate_(X509_new(), X509_free) {
    REQUIRE(key_ != nullptr);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate_.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate_.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate_.get()), 3600);
    X509_set_pubkey(certificate_.get(), key_.get());
    REQUIRE(X509_sign(certificate_.get(), key_.get(), EVP_sha256()) > 0);
  }
  static OwnCertificate rsa() { return of(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048})); }
  static OwnCertificate elliptic() { return of(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")); }

  [[nodiscard]] std::string certificate_pem() const {
    return written([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate_.get()); });
  }
  [[nodiscard]] std::string key_pem() const {
    return written([&](BIO* bio) {
      return PEM_write_bio_PrivateKey(bio, key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
  }
  [[nodiscard]] std::string encrypted_key_pem() const {
    return written([&](BIO* bio) {
      return PEM_write_bio_PKCS8PrivateKey(bio, key_.get(), EVP_aes_256_cbc(), "pass", 4, nullptr, nullptr);
    });
  }
  /// As `openssl x509 -fingerprint -sha256` counts it.
  [[nodiscard]] std::string digest() const {
    std::string bytes(32, '\0');
    unsigned size = 0;
    X509_digest(certificate_.get(), EVP_sha256(), reinterpret_cast<unsigned char*>(bytes.data()), &size);
    return bytes;
  }
  /// RSASSA-PSS with SHA-256 and a salt of 32 bytes, which is what PS256 means (RFC 7518 section 3.5).
  [[nodiscard]] bool has_signed(std::string_view text, std::string_view signature) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> check(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    EVP_PKEY_CTX* how = nullptr;
    REQUIRE(EVP_DigestVerifyInit(check.get(), &how, EVP_sha256(), nullptr, key_.get()) == 1);
    REQUIRE(EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING) == 1);
    REQUIRE(EVP_PKEY_CTX_set_rsa_pss_saltlen(how, 32) == 1);
    return EVP_DigestVerify(check.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                            signature.size(), reinterpret_cast<const unsigned char*>(text.data()),
                            text.size()) == 1;
  }

 private:
  static OwnCertificate of(EVP_PKEY* key) { return OwnCertificate({key, EVP_PKEY_free}); }

  template <typename Write>
  static std::string written(const Write& write) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
    REQUIRE(write(bio.get()) == 1);
    char* text = nullptr;
    const auto size = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(size)};
  }

  std::shared_ptr<EVP_PKEY> key_;
  std::shared_ptr<X509> certificate_;
};

inline std::string from_base64url(std::string text) {
  for (auto& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
  const auto padding = (4 - text.size() % 4) % 4;
  text.append(padding, '=');
  std::string bytes(text.size() / 4 * 3, '\0');
  const int size =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  REQUIRE(size >= 0);
  bytes.resize(static_cast<std::size_t>(size) - padding);
  return bytes;
}

}  // namespace offboard::test
