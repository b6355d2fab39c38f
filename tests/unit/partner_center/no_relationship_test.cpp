#include "fake_service.hpp"

namespace offboard::test {
namespace {

const std::string k_gone = "The relationship between the partner and customer does not exist";

std::string error(const std::string& code, const std::string& description) {
  return R"({"code":)" + code + R"(,"description":")" + description + R"(","data":[],"source":"PartnerFD"})";
}

}  // namespace

TEST_CASE(
    "the service's errors for no relationship are told from refusals, for reads and the removal alike") {
  for (const auto what : {What::customer, What::subscriptions, What::entitlements, What::removal}) {
    for (const int status : {400, 403}) {
      INFO(name_of(what) << " " << status);
      for (const std::string code : {"20002", "\"20002\"", "900159", "\"900159\""})
        CHECK(perform(what, status, error(code, "No relationship between caller and account.")).verdict ==
              Verdict::no_relationship);
      for (const std::string code : {"3000", "\"3000\""}) {
        CHECK(perform(what, status, error(code, k_gone)).verdict == Verdict::no_relationship);
        CHECK(perform(what, status, error(code, k_gone + ".")).verdict == Verdict::no_relationship);
      }
    }
  }
}

TEST_CASE("3000 without the text is an invalid property, and a refusal") {
  for (const std::string text : {"Invalid property", "", "relationship", "The customer does not exist",
                                 "Property relationshipToPartner is invalid"}) {
    INFO(text);
    CHECK(perform(What::removal, 400, error("3000", text)).verdict == Verdict::refused);
    CHECK(perform(What::customer, 400, error("3000", text)).verdict == Verdict::refused);
  }
}

TEST_CASE("the text without its code is a refusal") {
  CHECK(perform(What::removal, 400, error("2000", k_gone)).verdict == Verdict::refused);
  CHECK(perform(What::removal, 400, R"({"message":")" + k_gone + "\"}").verdict == Verdict::refused);
  CHECK(perform(What::removal, 403, k_gone).verdict == Verdict::refused);
}

TEST_CASE("a 404, or any other status, with such a code does not say that the relationship is gone") {
  for (const auto what : {What::customer, What::removal}) {
    for (const std::string code : {"20002", "900159"}) {
      CHECK(perform(what, 404, error(code, k_gone)).verdict == Verdict::refused);
      CHECK(perform(what, 409, error(code, k_gone)).verdict == Verdict::refused);
      CHECK(perform(what, 401, error(code, k_gone)).verdict == Verdict::unauthorized);
      CHECK(perform(what, 429, error(code, k_gone)).verdict == Verdict::throttled);
      CHECK(perform(what, 500, error(code, k_gone)).verdict == Verdict::unanswered);
      CHECK(perform(what, 200, error(code, k_gone)).verdict == Verdict::unanswered);
    }
    CHECK(perform(what, 404, error("3000", k_gone)).verdict == Verdict::refused);
  }
}

TEST_CASE("a code that only contains such a number says something else") {
  for (const std::string code : {"200020", "120002", "\"20002x\"", "20002.5", "30000", "-20002", "9001590"}) {
    INFO(code);
    CHECK(perform(What::removal, 403, error(code, k_gone)).verdict == Verdict::refused);
  }
}

}  // namespace offboard::test
