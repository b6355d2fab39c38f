#include "base/wiped_memory.hpp"

#include <malloc.h>
#include <openssl/crypto.h>
#include <string.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace offboard {

void wipe_and_free(void* memory) {
  if (memory != nullptr) explicit_bzero(memory, ::malloc_usable_size(memory));
  std::free(memory);
}

void* wiping_realloc(void* memory, std::size_t size) {
  void* result = std::malloc(size);
  if (result == nullptr || memory == nullptr) return result;
  std::memcpy(result, memory, std::min(size, ::malloc_usable_size(memory)));
  wipe_and_free(memory);
  return result;
}

void let_openssl_wipe() {
  ::CRYPTO_set_mem_functions(
      [](std::size_t size, const char* /*file*/, int /*line*/) { return std::malloc(size); },
      [](void* memory, std::size_t size, const char* /*file*/, int /*line*/) -> void* {
        if (size != 0) return wiping_realloc(memory, size);
        wipe_and_free(memory);
        return nullptr;
      },
      [](void* memory, const char* /*file*/, int /*line*/) { wipe_and_free(memory); });
}

}  // namespace offboard
