#include "ledger/sha256.hpp"

#include <openssl/evp.h>

#include <array>

#include "base/defect.hpp"

namespace offboard {

std::string sha256_hex(std::string_view data) {
  constexpr std::string_view k_digits = "0123456789abcdef";
  std::array<unsigned char, 32> digest{};
  const int done = EVP_Digest(data.data(), data.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  ensure(done == 1, "SHA-256 can be computed");
  std::string text;
  for (const auto byte : digest) text += {k_digits[byte >> 4], k_digits[byte & 0xF]};
  return text;
}

}  // namespace offboard
