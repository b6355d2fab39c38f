#include "base/random.hpp"

#include <array>
#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>

#include "base/defect.hpp"

namespace offboard {
namespace {

std::mt19937_64 from_system_entropy() {
  std::random_device device;
  std::array<std::uint32_t, 8> words{};
  for (auto& word : words) word = device();
  std::seed_seq seed(words.begin(), words.end());
  return std::mt19937_64(seed);
}

}  // namespace

Random::Random() : engine_(from_system_entropy()) {}

Guid Random::guid() {
  boost::uuids::basic_random_generator<std::mt19937_64> make(engine_);
  const auto guid = Guid::parse(boost::uuids::to_string(make()));
  ensure(guid.has_value(), "a generated GUID is a GUID");
  return *guid;
}

std::chrono::milliseconds Random::up_to(std::chrono::milliseconds upper) {
  if (upper.count() <= 0) return std::chrono::milliseconds(0);
  return std::chrono::milliseconds(std::uniform_int_distribution<std::int64_t>(0, upper.count())(engine_));
}

}  // namespace offboard
