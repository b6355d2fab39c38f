#include "client.hpp"

#include <algorithm>

namespace offboard::simulator {

Client::Client(const std::string& world)
    : service(parse_world(world, "world.yaml")), now(*parse_iso("2026-11-23T01:00:00.000Z")) {
  const Reply reply = sign_in(service.world().sign_in.refresh_token.value_or("any"));
  if (reply.status == 200 && reply.wire_fault == WireFault::none)
    access_token = body_of(reply).value("access_token", "");
}

Reply Client::send(const Request& request) {
  return service.answer(request, now);
}

Reply Client::get(const std::string& target, const Headers& more) {
  Request request{"GET", target, more, ""};
  request.headers.add("Authorization", "Bearer " + access_token);
  return send(request);
}

Reply Client::patch(const std::string& customer, const std::string& request_id, const std::string& body) {
  return send({"PATCH",
               "/v1/customers/" + customer,
               {{"Authorization", "Bearer " + access_token},
                {"Content-Type", "application/json; charset=utf-8"},
                {"MS-RequestId", request_id}},
               body});
}

Reply Client::sign_in(const std::string& refresh_token) {
  return send(
      {"POST",
       "/contoso.onmicrosoft.com/oauth2/v2.0/token",
       {{"Content-Type", "application/x-www-form-urlencoded"}},
       "grant_type=refresh_token&client_id=me&client_secret=s%2Bcret&refresh_token=" + refresh_token});
}

int Client::count(Effect effect) const {
  const auto& log = service.log();
  return static_cast<int>(
      std::count_if(log.begin(), log.end(), [&](const LogEntry& entry) { return entry.has(effect); }));
}

nlohmann::json body_of(const Reply& reply) {
  const bool marked = reply.body.substr(0, 3) == "\xEF\xBB\xBF";
  return nlohmann::json::parse(reply.body.substr(marked ? 3 : 0));
}

}  // namespace offboard::simulator
