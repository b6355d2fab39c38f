#include <catch2/catch.hpp>

#include "client.hpp"

using namespace offboard;
using namespace offboard::simulator;

namespace {

const std::string k_removal_world = R"(
customers:
  - {id: a0000001-0000-4000-8000-000000000001, company_name: Fabrikam}
  - id: a0000002-0000-4000-8000-000000000002
    subscriptions: [{id: s1, status: active}]
)";

}  // namespace

TEST_CASE("a PATCH removes the relationship and answers as documented, to the byte") {
  Client client(k_removal_world);
  const Reply reply = client.patch(k_first, "id-1");
  CHECK(reply.status == 200);
  CHECK(reply.body.size() == 242);
  CHECK(body_of(reply).at("RelationshipToPartner") == "none");
  CHECK(body_of(reply).at("Id").is_null());
  CHECK(client.last().has(Effect::removed));
  CHECK(client.last().request_id == "id-1");
  CHECK(client.service.is_removed(k_first));
}

TEST_CASE("after the removal reads say that there is no relationship") {
  Client client(k_removal_world);
  CHECK(client.patch(k_first, "id-1").status == 200);
  for (const Reply& reply : {client.customer(k_first), client.subscriptions(k_first)}) {
    CHECK(reply.status == 403);
    CHECK(body_of(reply).at("code") == 20002);
  }
}

TEST_CASE("a world may show a removed customer as one without relationship") {
  Client client("after_removal: none_answer\n" + k_removal_world);
  CHECK(client.patch(k_first, "id-1").status == 200);
  CHECK(body_of(client.customer(k_first)).at("relationshipToPartner") == "none");
  CHECK(client.subscriptions(k_first).status == 403);
}

TEST_CASE("the same request id gets the same answer and no second effect") {
  Client client(k_removal_world);
  const Reply first = client.patch(k_first, "ID-1");
  const Reply again = client.patch(k_first, "id-1");
  CHECK(again.status == 200);
  CHECK(again.body == first.body);
  CHECK(client.last().has(Effect::replay));
  CHECK(client.count(Effect::removed) == 1);
}

TEST_CASE("another request id for a removed customer is a second attempt and refused") {
  Client client(k_removal_world);
  CHECK(client.patch(k_first, "id-1").status == 200);
  const Reply second = client.patch(k_first, "id-2");
  CHECK(second.status == 400);
  CHECK(body_of(second).at("code") == "3000");
  CHECK(body_of(second).at("description") ==
        "The relationship between the partner and customer does not exist");
  CHECK(client.last().has(Effect::second_removal_attempt));
}

TEST_CASE("reads show a removal only after the lag") {
  Client client("removal_lag_ms: 500\n" + k_removal_world);
  CHECK(client.patch(k_first, "id-1").status == 200);
  client.pass(milliseconds(499));
  CHECK(body_of(client.customer(k_first)).at("relationshipToPartner") == "reseller");
  client.pass(milliseconds(1));
  CHECK(client.customer(k_first).status == 403);
}

TEST_CASE("a customer with a live blocker is not removed, and the attempt is on record") {
  Client client(k_removal_world);
  CHECK(client.patch(k_second, "id-1").status == 400);
  CHECK(client.last().has(Effect::removed_while_blocked));
  CHECK_FALSE(client.last().has(Effect::removed));
  CHECK(client.last().blocked_by == std::vector<std::string>{"subscription s1 is active"});
  CHECK_FALSE(client.service.is_removed(k_second));
}

TEST_CASE("a world may let a blocked removal through, so that the mistake can be seen") {
  Client client("enforce_blockers: false\n" + k_removal_world);
  CHECK(client.patch(k_second, "id-1").status == 200);
  CHECK(client.last().has(Effect::removed));
  CHECK(client.last().has(Effect::removed_while_blocked));
}

TEST_CASE("a body that does not ask for none removes nothing") {
  Client client(k_removal_world);
  for (const char* body :
       {"", "none", "{}", R"({"relationshipToPartner":"reseller"})", R"({"relationshipToPartner":null})",
        R"({"relationshipToPartner":"none","AllowDelegatedAccess":false})", R"(["relationshipToPartner"])"}) {
    CHECK(client.patch(k_first, "id-1", body).status == 400);
    CHECK(client.last().has(Effect::refused));
  }
  CHECK(client.patch(k_first, "id-1", R"({"AllowDelegatedAccess":false})").status == 200);
  CHECK(client.last().has(Effect::delegated_access_changed));
  CHECK_FALSE(client.service.is_removed(k_first));
}

TEST_CASE("the body is read without regard to case") {
  Client client(k_removal_world);
  CHECK(
      client
          .patch(k_first, "id-1", R"({"Id":null,"RelationshipToPartner":"None","AllowDelegatedAccess":null})")
          .status == 200);
  CHECK(client.service.is_removed(k_first));
}

TEST_CASE("a body that is not declared as JSON is refused") {
  Client client(k_removal_world);
  const Reply reply = client.send({"PATCH",
                                   std::string("/v1/customers/") + k_first,
                                   {{"Authorization", "Bearer " + client.access_token},
                                    {"Content-Type", "application/x-www-form-urlencoded"}},
                                   k_removal});
  CHECK(reply.status == 400);
}

TEST_CASE("a customer that begins without relationship is already removed") {
  Client client("customers: [{id: a0000001-0000-4000-8000-000000000001, relationship: none}]");
  CHECK(client.customer(k_first).status == 403);
  CHECK(client.patch(k_first, "id-1").status == 400);
  CHECK(client.last().has(Effect::second_removal_attempt));
}

TEST_CASE("DELETE purges the customer, and the log says so") {
  Client client(k_removal_world);
  CHECK(client
            .send({"DELETE",
                   std::string("/v1/customers/") + k_first,
                   {{"Authorization", "Bearer " + client.access_token}},
                   ""})
            .status == 204);
  CHECK(client.last().has(Effect::purged));
  CHECK(client.customer(k_first).status == 404);
}
