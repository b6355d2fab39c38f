#pragma once
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace offboard {

/// Of bytes that come piece by piece.
class Sha256 {
 public:
  Sha256();

  void add(std::string_view piece);

  /// Of all that was added, in lower-case hexadecimal; and begins anew.
  [[nodiscard]] std::string finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* state) const;
  };
  void begin();

  std::unique_ptr<evp_md_ctx_st, Free> state_;
};

}  // namespace offboard
