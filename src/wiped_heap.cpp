// Secrets pass through many a text on their way: forms, headers, answers as they grow. All that this program
// gives back to the heap is wiped, so that what is not held any more is not there any more either.
#include <cstdlib>
#include <new>

#include "base/wiped_memory.hpp"

void* operator new(std::size_t size) {
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}

void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
  return std::malloc(size == 0 ? 1 : size);
}

void operator delete(void* memory) noexcept {
  offboard::wipe_and_free(memory);
}

void operator delete(void* memory, std::size_t /*size*/) noexcept {
  offboard::wipe_and_free(memory);
}

void operator delete(void* memory, const std::nothrow_t& /*tag*/) noexcept {
  offboard::wipe_and_free(memory);
}
