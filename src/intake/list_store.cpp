#include "intake/list_store.hpp"

#include <cstring>
#include <limits>
#include <string>
#include <string_view>

#include "base/defect.hpp"

namespace offboard {
namespace {

constexpr std::size_t k_first_slots = 1024;
/// Company name, domain and note: two bytes of length before each.
constexpr std::size_t k_lengths = 3;

using Lengths = std::array<std::uint16_t, k_lengths>;

std::uint16_t length_of(const std::string& text) {
  ensure(text.size() <= std::numeric_limits<std::uint16_t>::max(), "a listed text is within its limit");
  return static_cast<std::uint16_t>(text.size());
}

}  // namespace

std::size_t ListStore::slot_of(const Guid::Bytes& id) const {
  const auto last = slots_.size() - 1;
  auto slot = HashOfGuidBytes{}(id)&last;
  while (slots_[slot] != 0 && entry(slots_[slot] - 1).id != id) slot = (slot + 1) & last;
  return slot;
}

void ListStore::grow() {
  slots_.assign(slots_.empty() ? k_first_slots : 2 * slots_.size(), 0);
  for (std::size_t place = 0; place < size_; ++place)
    slots_[slot_of(entry(place).id)] = static_cast<std::uint32_t>(place + 1);
}

void ListStore::add(const ListedTenant& tenant, std::size_t line) {
  if (2 * size_ >= slots_.size()) grow();
  const auto id = tenant.tenant_id.bytes();
  const auto slot = slot_of(id);
  ensure(slots_[slot] == 0, "a tenant is added once");
  ensure(texts_.size() <= std::numeric_limits<std::uint32_t>::max(), "a list's texts are not that long");
  if (size_ % k_block == 0) blocks_.emplace_back().reserve(k_block);
  blocks_.back().push_back({id, static_cast<std::uint32_t>(line), static_cast<std::uint32_t>(texts_.size())});
  slots_[slot] = static_cast<std::uint32_t>(++size_);
  const Lengths lengths = {length_of(tenant.company_name), length_of(tenant.domain), length_of(tenant.note)};
  std::string record(sizeof lengths, '\0');
  std::memcpy(record.data(), lengths.data(), sizeof lengths);
  texts_.append(record + tenant.company_name + tenant.domain + tenant.note);
}

ListedTenant ListStore::at(std::size_t place) const {
  const auto& found = entry(place);
  Lengths lengths{};
  std::memcpy(lengths.data(), texts_.read(found.texts, sizeof lengths).data(), sizeof lengths);
  const auto [company_name, domain, note] = lengths;
  const auto texts = texts_.read(found.texts + sizeof lengths, std::size_t{company_name} + domain + note);
  return {Guid::of(found.id), std::string(texts.substr(0, company_name)),
          std::string(texts.substr(company_name, domain)),
          std::string(texts.substr(std::size_t{company_name} + domain))};
}

std::optional<std::size_t> ListStore::place_of(const Guid& tenant_id) const {
  if (slots_.empty() || tenant_id.empty()) return std::nullopt;
  const auto found = slots_[slot_of(tenant_id.bytes())];
  return found == 0 ? std::nullopt : std::optional<std::size_t>(found - 1);
}

}  // namespace offboard
