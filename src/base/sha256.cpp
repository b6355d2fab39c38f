#include "base/sha256.hpp"

#include <openssl/evp.h>

#include <array>

#include "base/defect.hpp"

namespace offboard {
namespace {

/// Looked up once: OpenSSL would look it up anew for each digest, which takes as long as a short digest
/// itself.
const EVP_MD* algorithm() {
  static const EVP_MD* const found = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  ensure(found != nullptr, "SHA-256 is there");
  return found;
}

}  // namespace

void Sha256::Free::operator()(evp_md_ctx_st* state) const {
  EVP_MD_CTX_free(state);
}

Sha256::Sha256() : state_(EVP_MD_CTX_new()) {
  ensure(state_ != nullptr, "SHA-256 can be computed");
  begin();
}

void Sha256::begin() {
  ensure(EVP_DigestInit_ex2(state_.get(), algorithm(), nullptr) == 1, "SHA-256 can be computed");
}

void Sha256::add(std::string_view piece) {
  ensure(EVP_DigestUpdate(state_.get(), piece.data(), piece.size()) == 1, "SHA-256 can be computed");
}

std::string Sha256::finish() {
  constexpr std::string_view k_digits = "0123456789abcdef";
  std::array<unsigned char, 32> digest{};
  ensure(EVP_DigestFinal_ex(state_.get(), digest.data(), nullptr) == 1, "SHA-256 can be computed");
  begin();
  std::string text;
  text.reserve(2 * digest.size());
  for (const auto byte : digest) text += {k_digits[byte >> 4], k_digits[byte & 0xF]};
  return text;
}

}  // namespace offboard
