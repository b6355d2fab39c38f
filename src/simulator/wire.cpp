#include "simulator/wire.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace offboard::simulator {
namespace {

std::string_view reason_of(int status) {
  switch (status) {
    case 200: return "OK";
    case 204: return "No Content";
    case 302: return "Found";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 413: return "Content Too Large";
    case 429: return "Too Many Requests";
    case 500: return "Internal Server Error";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    default: return "Status";
  }
}

enum class Length { announced, left_out };

std::string head_of(const Reply& reply, std::uint64_t length, Length mention, Persistence persistence) {
  std::string head = fmt::format("HTTP/1.1 {} {}\r\n", reply.status, reason_of(reply.status));
  for (const auto& header : reply.headers.all()) head += fmt::format("{}: {}\r\n", header.name, header.value);
  if (mention == Length::announced && reply.status != 204)
    head += fmt::format("Content-Length: {}\r\n", length);
  if (persistence == Persistence::close) head += "Connection: close\r\n";
  return head + "\r\n";
}

std::string whole(const Reply& reply, Persistence persistence) {
  return head_of(reply, reply.body.size() + reply.padding, Length::announced, persistence) + reply.body;
}

}  // namespace

Wire wire_form(const Reply& reply, Persistence persistence) {
  const std::string half = reply.body.substr(0, reply.body.size() / 2);
  const Ending usual = persistence == Persistence::close ? Ending::close : Ending::keep;
  switch (reply.wire_fault) {
    case WireFault::none: break;
    case WireFault::reset_before:
    case WireFault::reset_after: return {"", Pace::at_once, Ending::reset};
    case WireFault::truncate: {
      // An empty body is cut short too: announce a byte that never comes.
      const std::size_t announced = std::max<std::size_t>(1, reply.body.size());
      return {head_of(reply, announced, Length::announced, persistence) + half, Pace::at_once, Ending::close};
    }
    case WireFault::truncate_without_length:
      return {head_of(reply, 0, Length::left_out, Persistence::close) + half, Pace::at_once, Ending::close};
    case WireFault::garbage:
      return {"\x15\x03\x01\x02 this is not the protocol you are looking for\r\n\r\n\xFF\xFE", Pace::at_once,
              Ending::close};
    case WireFault::stall: return {"", Pace::at_once, Ending::hold};
    case WireFault::drip: return {whole(reply, persistence), Pace::byte_by_byte, usual};
    case WireFault::close_in_headers: {
      const std::string head = head_of(reply, reply.body.size(), Length::announced, persistence);
      return {head.substr(0, head.size() / 2), Pace::at_once, Ending::close};
    }
  }
  return {whole(reply, persistence), Pace::at_once, usual, reply.padding};
}

}  // namespace offboard::simulator
