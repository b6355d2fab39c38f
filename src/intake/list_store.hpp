#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/scratch_file.hpp"
#include "model/tenant.hpp"

namespace offboard {

/// A list of which memory holds no more than 32 bytes a tenant; the texts are in a scratch file.
class ListStore final : public ListedTenants {
 public:
  [[nodiscard]] std::size_t size() const override { return size_; }
  [[nodiscard]] ListedTenant at(std::size_t place) const override;
  [[nodiscard]] std::optional<std::size_t> place_of(const Guid& tenant_id) const override;

  /// Of a tenant that is not there yet.
  void add(const ListedTenant& tenant, std::size_t line);

  /// The line of the file on which the tenant at that place stands first.
  [[nodiscard]] std::size_t line_of(std::size_t place) const { return entry(place).line; }

 private:
  struct Entry {
    Guid::Bytes id;
    std::uint32_t line;   // a list has at most as many lines as bytes,
    std::uint32_t texts;  // and is much smaller than this can count: where they are in the scratch file
  };

  /// Entries. One by one, or a few at a time as in a deque, they would lie scattered among what the reader of
  /// the list needs, and the memory between them could not be used for anything else afterwards.
  static constexpr std::size_t k_block = 4096;

  [[nodiscard]] const Entry& entry(std::size_t place) const {
    return blocks_[place / k_block][place % k_block];
  }

  /// The slot of that tenant, or the empty one where it belongs. There is always an empty one.
  [[nodiscard]] std::size_t slot_of(const Guid::Bytes& id) const;
  void grow();

  std::vector<std::vector<Entry>> blocks_;
  std::size_t size_ = 0;
  std::vector<std::uint32_t> slots_;  // place + 1; 0: empty. At most half of them are full
  mutable ScratchFile texts_{k_texts_in_memory};

  /// Bytes. Most lists never touch the disk.
  static constexpr std::size_t k_texts_in_memory = 1024UL * 1024;
};

}  // namespace offboard
