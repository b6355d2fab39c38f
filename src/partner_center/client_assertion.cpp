#include "partner_center/client_assertion.hpp"

#include <cjose/cjose.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/defect.hpp"
#include "base/wiped_memory.hpp"

namespace offboard {
namespace {

template <auto Function>
struct FreedBy {
  template <typename Thing>
  void operator()(Thing* thing) const {
    Function(thing);
  }
};
using Bio = std::unique_ptr<BIO, FreedBy<BIO_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, FreedBy<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, FreedBy<X509_free>>;
using Number = std::unique_ptr<BIGNUM, FreedBy<BN_clear_free>>;
using Jwk = std::unique_ptr<cjose_jwk_t, FreedBy<cjose_jwk_release>>;
using Jws = std::unique_ptr<cjose_jws_t, FreedBy<cjose_jws_release>>;
using JwsHeader = std::unique_ptr<cjose_header_t, FreedBy<cjose_header_release>>;

/// Either side of now, so that clocks may differ; together less than the ten minutes that the service
/// advises.
constexpr seconds k_assertion_reach = std::chrono::minutes(4);

/// OpenSSL would ask at the terminal for the passphrase.
int no_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*user*/) {
  return -1;
}

Bio reading(std::string_view text) {
  Bio bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  ensure(bio != nullptr, "a text in memory can be read");
  return bio;
}

PrivateKey private_key_in(std::string_view pem) {
  PrivateKey key(PEM_read_bio_PrivateKey(reading(pem).get(), nullptr, no_passphrase, nullptr));
  ERR_clear_error();
  return key;
}

/// A file may hold the chain as well, in any order.
Certificate certificate_of(const PrivateKey& key, std::string_view pem, int& certificates) {
  const auto bio = reading(pem);
  Certificate result;
  while (!result) {
    Certificate next(PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr));
    if (!next) break;
    ++certificates;
    if (X509_check_private_key(next.get(), key.get()) == 1) result = std::move(next);
  }
  ERR_clear_error();
  return result;
}

std::string base64url(const std::uint8_t* bytes, std::size_t size) {
  char* text = nullptr;
  std::size_t length = 0;
  ensure(cjose_base64url_encode(bytes, size, &text, &length, nullptr), "bytes can be written as base64url");
  std::string result(text, length);
  cjose_get_dealloc()(text);
  return result;
}

std::string thumbprint_of(const Certificate& certificate) {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  ensure(X509_digest(certificate.get(), EVP_sha256(), digest.data(), &size) == 1,
         "a certificate has a digest");
  return base64url(digest.data(), size);
}

/// The bytes of one number of the key, wiped when they go.
class KeyNumber {
 public:
  KeyNumber(const PrivateKey& key, const char* name) {
    BIGNUM* found = nullptr;
    ensure(EVP_PKEY_get_bn_param(key.get(), name, &found) == 1, "a private RSA key has all its numbers");
    const Number number(found);
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(found)), '\0');
    BN_bn2bin(found, reinterpret_cast<std::uint8_t*>(bytes.data()));
    bytes_ = Secret(std::move(bytes));
  }
  /// cjose's own signature: it only reads them.
  void lend(std::uint8_t*& bytes, std::size_t& size) const {
    bytes = const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(bytes_.reveal().data()));
    size = bytes_.reveal().size();
  }

 private:
  Secret bytes_;
};

Jwk jwk_of(const PrivateKey& key) {
  const KeyNumber n(key, OSSL_PKEY_PARAM_RSA_N);
  const KeyNumber e(key, OSSL_PKEY_PARAM_RSA_E);
  const KeyNumber d(key, OSSL_PKEY_PARAM_RSA_D);
  const KeyNumber p(key, OSSL_PKEY_PARAM_RSA_FACTOR1);
  const KeyNumber q(key, OSSL_PKEY_PARAM_RSA_FACTOR2);
  const KeyNumber dp(key, OSSL_PKEY_PARAM_RSA_EXPONENT1);
  const KeyNumber dq(key, OSSL_PKEY_PARAM_RSA_EXPONENT2);
  const KeyNumber qi(key, OSSL_PKEY_PARAM_RSA_COEFFICIENT1);
  cjose_jwk_rsa_keyspec numbers{};
  n.lend(numbers.n, numbers.nlen);
  e.lend(numbers.e, numbers.elen);
  d.lend(numbers.d, numbers.dlen);
  p.lend(numbers.p, numbers.plen);
  q.lend(numbers.q, numbers.qlen);
  dp.lend(numbers.dp, numbers.dplen);
  dq.lend(numbers.dq, numbers.dqlen);
  qi.lend(numbers.qi, numbers.qilen);
  Jwk jwk(cjose_jwk_create_RSA_spec(&numbers, nullptr));
  ensure(jwk != nullptr, "a key that was read can be signed with");
  return jwk;
}

JwsHeader header_for(const ClientKey& key) {
  JwsHeader header(cjose_header_new(nullptr));
  const bool is_set = header && cjose_header_set(header.get(), CJOSE_HDR_ALG, CJOSE_HDR_ALG_PS256, nullptr) &&
                      cjose_header_set(header.get(), "typ", "JWT", nullptr) &&
                      cjose_header_set(header.get(), "x5t#S256", key.thumbprint.c_str(), nullptr);
  ensure(is_set, "an assertion has a header");
  return header;
}

/// cjose keeps what it signs, and the signature, in memory of its own.
void let_cjose_wipe() {
  static const bool is_told = [] {
    cjose_set_alloc_funcs(std::malloc, wiping_realloc, wipe_and_free);
    return true;
  }();
  static_cast<void>(is_told);
}

std::int64_t in_seconds(UtcTime time) {
  return std::chrono::duration_cast<seconds>(time.time_since_epoch()).count();
}

}  // namespace

Expected<ClientKey, std::string> client_key(const std::string& certificates_pem, Secret key_pem) {
  let_cjose_wipe();
  const auto key = private_key_in(key_pem.reveal());
  if (!key) return failure(std::string("holds no private key that can be read (PEM, without a passphrase)"));
  if (EVP_PKEY_is_a(key.get(), "RSA") != 1)
    return failure(std::string("its private key is no RSA key, and the sign-in service takes no other"));
  int certificates = 0;
  const auto certificate = certificate_of(key, certificates_pem, certificates);
  if (!certificate) {
    return failure(std::string(certificates == 0 ? "there is no certificate (PEM) beside its private key"
                                                 : "its private key does not belong to the certificate"));
  }
  return ClientKey{thumbprint_of(certificate), std::move(key_pem)};
}

Secret client_assertion(const ClientKey& key, const std::string& client_id, const std::string& audience,
                        const Guid& id, UtcTime now) {
  const nlohmann::json claims = {{"iss", client_id},
                                 {"sub", client_id},
                                 {"aud", audience},
                                 {"jti", id.text()},
                                 {"iat", in_seconds(now - k_assertion_reach)},
                                 {"nbf", in_seconds(now - k_assertion_reach)},
                                 {"exp", in_seconds(now + k_assertion_reach)}};
  const auto payload = claims.dump();
  const auto private_key = private_key_in(key.pem.reveal());
  ensure(private_key != nullptr, "a key that could be read can be read again");
  const Jws jws(cjose_jws_sign(jwk_of(private_key).get(), header_for(key).get(),
                               reinterpret_cast<const std::uint8_t*>(payload.data()), payload.size(),
                               nullptr));
  const char* text = nullptr;
  ensure(jws && cjose_jws_export(jws.get(), &text, nullptr), "an assertion can be signed");
  return Secret(std::string(text));
}

}  // namespace offboard
