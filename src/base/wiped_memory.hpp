#pragma once
#include <cstddef>

namespace offboard {

/// free() and realloc() that leave nothing behind in what they give back: for memory through which secrets
/// pass on their way.
void wipe_and_free(void* memory);
[[nodiscard]] void* wiping_realloc(void* memory, std::size_t size);

/// OpenSSL, too, leaves lines of a private key behind where its buffers grow. To be called before anything
/// else uses OpenSSL: it takes no other memory functions after it has used its own. A library that the system
/// loads into every program may have been faster; then OpenSSL goes on as it does in other programs.
void let_openssl_wipe();

}  // namespace offboard
