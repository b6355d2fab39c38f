#include <base/text.hpp>
#include <partner_center/read_error.hpp>

#include "fake_service.hpp"

namespace offboard::test {
namespace {

ServiceError read_error_body(const std::string& body, int status = 400, std::vector<Header> headers = {}) {
  return read_error(answered(status, body, std::move(headers)));
}

struct Shape {
  std::string body;
  std::string code;
  std::string message;
};

const std::vector<Shape> k_shapes = {
    {R"({"code":"2000","description":"No.","data":[],"source":"PartnerApiServiceControllers"})", "2000",
     "No."},
    {R"({"code":20002,"description":"No relationship.","data":[],"source":"PartnerFD"})", "20002",
     "No relationship."},
    {R"({"Code":20002,"Description":"Pascal."})", "20002", "Pascal."},
    {R"({"code":600061,"message":"m","description":"d","errorName":"n","isRetryable":false,"parameters":{}})",
     "600061", "d"},
    {R"({"code":600061,"message":"m","errorName":"n"})", "600061", "m"},
    {R"({"code":600061,"errorName":"n"})", "600061", "n"},
    {R"({"statusCode":429,"message":"Rate limit is exceeded."})", "", "Rate limit is exceeded."},
    {R"({"error":{"code":"Forbidden","message":"nested"}})", "Forbidden", "nested"},
    {R"({"error":{"code":123,"description":"nested number"}})", "123", "nested number"},
    {R"({"error":"invalid_grant","error_description":"AADSTS700082: The refresh token has expired."})",
     "AADSTS700082", "AADSTS700082: The refresh token has expired."},
    {R"({"error":"invalid_client","error_description":"no code in this one"})", "invalid_client",
     "no code in this one"},
    {R"({"error":"invalid_grant","error_description":"Trouble AADSTS50078 within"})", "AADSTS50078",
     "Trouble AADSTS50078 within"},
    {R"({"error":"invalid_grant","error_description":"AADSTS without digits"})", "invalid_grant",
     "AADSTS without digits"},
    {"\xEF\xBB\xBF{\"code\":1,\"description\":\"after a mark\"}", "1", "after a mark"},
};

}  // namespace

TEST_CASE("the code and text of every shape of error are read") {
  for (const auto& shape : k_shapes) {
    INFO(shape.body);
    const auto error = read_error_body(shape.body);
    CHECK(error.code == shape.code);
    CHECK(error.message == shape.message);
  }
}

TEST_CASE("whether an error can be tried again is read only where it says so") {
  CHECK(read_error_body(R"({"isRetryable":true})").retryable == Retryable::yes);
  CHECK(read_error_body(R"({"isRetryable":false})").retryable == Retryable::no);
  CHECK(read_error_body(R"({"error":{"isRetryable":true}})").retryable == Retryable::yes);
  CHECK_FALSE(read_error_body(R"({"isRetryable":null})").retryable);
  CHECK_FALSE(read_error_body(R"({"isRetryable":"true"})").retryable);
  CHECK_FALSE(read_error_body("{}").retryable);
}

TEST_CASE("an error without words of its own says at least its status") {
  for (const std::string body :
       {"", " ", "{}", "[]", "null", "5", "{\"code\":", "<html><body>Bad gateway</body></html>", "\xFF\xFE",
        R"({"code":1,"code":2,"description":"two codes"})"}) {
    INFO(body);
    const auto error = read_error_body(body, 502);
    CHECK(error.code.empty());
    CHECK_THAT(error.message, Catch::Contains("502"));
  }
}

TEST_CASE("the challenge of a 401 without a body is kept") {
  const auto error = read_error_body("", 401, {{"WWW-Authenticate", "Bearer error=\"invalid_token\""}});
  CHECK_THAT(error.message, Catch::Contains("401") && Catch::Contains("invalid_token"));
  CHECK(error.code == "invalid_token");
  CHECK(read_error_body("", 401, {{"WWW-Authenticate", "OAuth realm=urn:cpsvc:cpid:1"}}).code.empty());
}

TEST_CASE("a code in a challenge is no code of any other answer than a 401") {
  CHECK(read_error_body("", 403, {{"WWW-Authenticate", "Bearer error=\"20002\""}}).code.empty());
}

TEST_CASE("every text of an error that is kept is one printable line of bounded length") {
  const auto kept = [](const std::string& body, int status = 400, std::vector<Header> headers = {}) {
    return perform(ask_for(What::customer), answered(status, body, std::move(headers))).evidence;
  };
  const auto evidence = kept(R"({"code":"a\r\nb\u001b[31m\u0085","description":"x\r\ny\u0000z\u009b"})");
  CHECK(evidence.error_code == "a  b [31m");
  CHECK(evidence.message == "x  y z");
  const auto long_one = kept(R"({"code":")" + std::string(5000, 'c') + R"(","description":")" +
                             std::string(50'000, 'd') + "\"}");
  CHECK(long_one.error_code.size() < 200);
  CHECK(long_one.message.size() < 1100);
  const auto challenge = kept("", 401, {{"WWW-Authenticate", "Bearer \x1B[31m" + std::string(5000, 'w')}});
  CHECK(challenge.message.size() < 1100);
  CHECK(challenge.message.find('\x1B') == std::string::npos);
}

TEST_CASE("an error that begins as JSON and is none is garbled, whatever its status says") {
  CHECK(read_error_body(R"({"code":20002,"descri)", 403).is_garbled);
  CHECK(read_error_body("\xEF\xBB\xBF {\"code\":", 404).is_garbled);
  CHECK_FALSE(read_error_body("<html>gone</html>", 404).is_garbled);
  CHECK_FALSE(read_error_body("", 404).is_garbled);
  for (const int status : {400, 403, 404, 409}) {
    CHECK(perform(ask_for(What::removal), answered(status, R"({"code":20002,"descri)")).verdict ==
          Verdict::unanswered);
  }
}

TEST_CASE("the sign-in service's word stands beside its code") {
  const auto error =
      read_error_body(R"({"error":"authorization_pending","error_description":"AADSTS70016: pending"})");
  CHECK(error.name == "authorization_pending");
  CHECK(error.code == "AADSTS70016");
}

}  // namespace offboard::test
