#include "fake_service.hpp"

namespace offboard::test {

TEST_CASE("a read whose answer is cut at any byte is unanswered") {
  for (const auto what : k_reads) {
    const auto whole = sound_body(what);
    for (std::size_t length = 0; length < whole.size(); ++length) {
      INFO(name_of(what) << " " << whole.substr(0, length));
      CHECK(garbled(perform(what, 200, whole.substr(0, length))));
    }
    CHECK(perform(what, 200, whole).verdict == Verdict::taken);
  }
}

TEST_CASE("the answer to a removal that is cut at any byte is unanswered") {
  for (std::size_t length = 0; length < k_confirmed.size(); ++length)
    CHECK(perform(What::removal, 200, k_confirmed.substr(0, length)).verdict == Verdict::unanswered);
}

TEST_CASE("a read whose answer is no JSON object is unanswered, and says so") {
  for (const auto what : k_api) {
    for (const std::string body : {"", " ", "null", "true", "1", "\"x\"", "[]", "<html></html>",
                                   "\xEF\xBB\xBF", "{} {}", "{'id':1}", "{\"id\":1,}", "\xFF"}) {
      INFO(name_of(what) << " " << body);
      const auto reply = perform(what, 200, body);
      CHECK(garbled(reply));
      CHECK_FALSE(reply.evidence.error_code.empty());
      CHECK_FALSE(reply.evidence.message.empty());
      CHECK(reply.evidence.http_status == 200);
    }
  }
}

TEST_CASE("a read whose answer is an object of another shape is unanswered") {
  for (const auto what : k_api) {
    for (const std::string body : {"{}", R"({"code":2000,"description":"an error in a 200"})",
                                   R"({"value":[]})", R"({"d":{"results":[]}})"}) {
      INFO(name_of(what) << " " << body);
      CHECK(garbled(perform(what, 200, body)));
    }
  }
}

TEST_CASE("a byte order mark before an answer is taken off, one within it is not") {
  const std::string mark = "\xEF\xBB\xBF";
  for (const auto what : k_reads) {
    CHECK(perform(what, 200, mark + sound_body(what)).verdict == Verdict::taken);
    CHECK(garbled(perform(what, 200, mark + mark + sound_body(what))));
    CHECK(garbled(perform(what, 200, sound_body(what).substr(1))));
  }
}

TEST_CASE("keys are read in any letter case, and unknown ones are passed over") {
  const auto reply = perform(What::customer, 200,
                             R"({"Id":")" + k_tenant +
                                 R"(","RELATIONSHIPTOPARTNER":"reseller","new":{"a":[1]},)"
                                 R"("CompanyProfile":{"CompanyName":"Fabrikam","DOMAIN":"f.example"}})");
  const auto customer = content_of<Customer>(reply);
  CHECK(customer.relationship_to_partner == "reseller");
  CHECK(customer.company_name == "Fabrikam");
  CHECK(customer.domain == "f.example");
}

TEST_CASE("an answer in which a key stands twice is unanswered, letter case aside") {
  const std::string id = R"("id":")" + k_tenant + "\"";
  CHECK(
      garbled(perform(What::customer, 200,
                      "{" + id + R"(,"relationshipToPartner":"reseller","relationshipToPartner":"none"})")));
  CHECK(
      garbled(perform(What::customer, 200,
                      "{" + id + R"(,"relationshipToPartner":"reseller","RelationshipToPartner":"none"})")));
  CHECK(garbled(perform(What::customer, 200, "{" + id + R"(,"a":1,"A":2})")));
  for (const auto what : k_pages) {
    CHECK(garbled(perform(what, 200, R"({"items":[],"Items":[{}]})")));
    CHECK(garbled(perform(what, 200, R"({"items":[],"totalCount":0,"totalCount":1})")));
    CHECK(garbled(perform(what, 200, R"({"items":[{"status":"deleted","status":"active"}]})")));
    CHECK(garbled(perform(what, 200, R"({"items":[{"status":"deleted","Status":"active"}]})")));
    CHECK(garbled(perform(what, 200, R"({"items":[],"links":{"next":null,"next":{"uri":"/x"}}})")));
  }
}

TEST_CASE("an answer with characters that are not UTF-8 is unanswered") {
  CHECK(garbled(perform(What::customer, 200, R"({"id":")" + k_tenant + "\",\"x\":\"\xE9\"}")));
  CHECK(garbled(perform(What::subscriptions, 200, "{\"items\":[{\"status\":\"\xFF\"}]}")));
}

TEST_CASE("an answer nested without end is unanswered") {
  const std::string deep = std::string(5000, '[') + std::string(5000, ']');
  CHECK(garbled(perform(What::subscriptions, 200, R"({"items":[],"x":)" + deep + "}")));
}

TEST_CASE("an invitation is taken with its link as it stands, if that is a web address") {
  const std::string url =
      "https://admin.microsoft.com/Adminportal/Home?invType=ResellerRelationship&DAP=false#/BillingAccounts/"
      "x";
  CHECK(content_of<Invitation>(perform(What::invitation, 200, R"({"url":")" + url + "\"}")).url == url);
  for (const std::string bad : {"", "http://admin.microsoft.com/x", "javascript:alert(1)", "/x", "https://",
                                "https://user@evil.example/", "https://h/a b", "https://h/\\u001b[31m"}) {
    INFO(bad);
    CHECK(garbled(perform(What::invitation, 200, R"({"url":")" + bad + "\"}")));
  }
}

TEST_CASE("no control character in an invitation's link reaches the terminal") {
  CHECK(garbled(perform(What::invitation, 200, R"({"url":"https://admin.microsoft.com/x#\u001b[2Jy"})")));
  CHECK(garbled(perform(What::invitation, 200, R"({"url":"https://admin.microsoft.com/x#a\nb"})")));
}

}  // namespace offboard::test
