#pragma once
#include <string>
#include <string_view>

namespace offboard {

/// In lower-case hexadecimal.
[[nodiscard]] std::string sha256_hex(std::string_view data);

}  // namespace offboard
