#pragma once
#include <cstddef>

namespace offboard {

/// free() and realloc() that leave nothing behind in what they give back: for memory through which secrets
/// pass on their way.
void wipe_and_free(void* memory);
[[nodiscard]] void* wiping_realloc(void* memory, std::size_t size);

}  // namespace offboard
