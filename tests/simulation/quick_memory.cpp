#include "quick_memory.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <cstring>

namespace offboard::test {
namespace {

/// In front of each block; as large as the strictest alignment.
struct alignas(16) Head {
  std::size_t size;  // of what follows
  Head* next;        // while nobody has it
};

constexpr int k_least = 32;
constexpr std::size_t k_classes = 32;        // powers of two
std::array<Head*, k_classes> free_blocks{};  // NOLINT: SQLite's functions know no context

std::size_t class_of(std::size_t size) {
  return static_cast<std::size_t>(std::bit_width(size) - 1);
}
Head* head_of(void* memory) {
  return static_cast<Head*>(memory) - 1;
}

int rounded_up(int size) {
  return static_cast<int>(std::bit_ceil(static_cast<unsigned>(std::max(size, k_least))));
}
int size_of_block(void* memory) {
  return memory == nullptr ? 0 : static_cast<int>(head_of(memory)->size);
}
void* take(int size) {
  const auto rounded = static_cast<std::size_t>(rounded_up(size));
  auto& first = free_blocks.at(class_of(rounded));
  auto* head = first;
  if (head != nullptr) {
    first = head->next;
  } else {
    head = static_cast<Head*>(std::malloc(sizeof(Head) + rounded));
    if (head == nullptr) return nullptr;
    head->size = rounded;
  }
  return head + 1;
}
void give_back(void* memory) {
  if (memory == nullptr) return;
  auto* head = head_of(memory);
  auto& first = free_blocks.at(class_of(head->size));
  head->next = first;
  first = head;
}
void* take_more(void* memory, int size) {
  if (rounded_up(size) == size_of_block(memory)) return memory;
  auto* more = take(size);
  if (more == nullptr) return nullptr;
  std::memcpy(more, memory, static_cast<std::size_t>(std::min(size, size_of_block(memory))));
  give_back(memory);
  return more;
}
int begin(void* /*context*/) {
  return SQLITE_OK;
}
void end(void* /*context*/) {}

}  // namespace

void let_sqlite_keep_its_memory() {
  static const sqlite3_mem_methods methods = {take,       give_back, take_more, size_of_block,
                                              rounded_up, begin,     end,       nullptr};
  sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
  // Nobody asks how much it has taken, and counting that costs time.
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

}  // namespace offboard::test
