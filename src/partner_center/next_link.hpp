#pragma once
#include <string>
#include <string_view>

#include "base/expected.hpp"
#include "base/guid.hpp"
#include "http/url.hpp"

namespace offboard {

/// The address of the next page, from the `links.next.uri` of an answer about `tenant`, or about all
/// customers if that is empty. The service has written it with and without the version (`/customers/…` until
/// 2021-11-12, then `/v1/customers/…`), so
/// `/v1` is added only if missing. A link to another host, or to anything but the same collection, is not
/// followed; the failure says so.
[[nodiscard]] Expected<std::string, std::string> next_page_address(const Url& base, const Guid& tenant,
                                                                   std::string_view uri);

}  // namespace offboard
