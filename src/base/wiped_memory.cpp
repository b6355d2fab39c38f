#include "base/wiped_memory.hpp"

#include <malloc.h>
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

}  // namespace offboard
