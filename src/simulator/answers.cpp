#include "simulator/answers.hpp"

#include <fmt/format.h>

#include "simulator/json_fields.hpp"

namespace offboard::simulator {
namespace {

Reply reply_with(int status, const Json& body) {
  return json_reply(status, body.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace

Reply refusal(int status, std::string_view code, CodeForm form, std::string_view description) {
  Json body;
  body["code"] = code;
  if (form == CodeForm::number) body["code"] = std::stoll(std::string(code));
  body["description"] = description;
  body["data"] = Json::array();
  body["source"] = "PartnerFD";
  return reply_with(status, body);
}

Reply no_relationship() {
  return refusal(403, "20002", CodeForm::number, "No relationship between caller and account.");
}

Reply not_found() {
  return refusal(404, "1000", CodeForm::string, "Not found");
}

Reply unauthorized() {
  Reply reply = refusal(401, "400", CodeForm::string, "Access denied");
  reply.headers.add("WWW-Authenticate", "Bearer error=\"invalid_token\"");
  return reply;
}

std::string relationship_of(const Customer& customer) {
  return customer.relationship.given() ? customer.relationship.text : "";
}

Reply customer_answer(const Customer& customer, std::string_view relationship) {
  Json profile;
  profile["tenantId"] = customer.id;
  put(profile, "domain", customer.domain);
  put(profile, "companyName", customer.company_name);
  profile["attributes"]["objectType"] = "CustomerCompanyProfile";
  Json body;
  body["id"] = customer.id;
  body["commerceId"] = customer.id;
  body["companyProfile"] = profile;
  put(body, "relationshipToPartner", customer.relationship);
  if (!relationship.empty()) body["relationshipToPartner"] = relationship;
  body["allowDelegatedAccess"] = customer.custom_domains.has_value();
  if (customer.custom_domains) body["customDomains"] = *customer.custom_domains;
  Json self;
  self["uri"] = "/customers/" + customer.id;
  self["method"] = "GET";
  self["headers"] = Json::array();
  body["links"]["self"] = self;
  body["attributes"]["objectType"] = "Customer";
  return reply_with(200, body);
}

Reply patch_answer(std::string_view relationship) {
  return json_reply(200, fmt::format(R"({{"Id":null,"CommerceId":null,"CompanyProfile":null,)"
                                     R"("BillingProfile":null,"RelationshipToPartner":"{}",)"
                                     R"("AllowDelegatedAccess":null,"UserCredentials":null,)"
                                     R"("CustomDomains":null,"AssociatedPartnerId":null,)"
                                     R"("Attributes":{{"ObjectType":"Customer"}}}})",
                                     relationship));
}

Reply relationship_request_answer() {
  Json body;
  body["url"] =
      "https://admin.microsoft.com/Adminportal/Home?invType=ResellerRelationship&partnerId="
      "b0000000-0000-4000-8000-000000000000&msppId=0&DAP=false#/BillingAccounts/partner-invitation";
  body["attributes"]["objectType"] = "RelationshipRequest";
  return reply_with(200, body);
}

std::string gateway_throttle_body(std::string_view seconds) {
  return fmt::format(R"({{"statusCode":429,"message":"Rate limit is exceeded. Try again in {} seconds."}})",
                     seconds);
}

Reply throttled_answer(const ThrottleRefusal& refusal, UtcTime now) {
  const auto whole = std::chrono::ceil<seconds>(refusal.wait);
  Reply reply = refusal.rule.body == ThrottleBody::empty
                    ? Reply{429, {}, "", WireFault::none}
                    : json_reply(429, gateway_throttle_body(std::to_string(whole.count())));
  if (refusal.rule.retry_after == RetryAfterForm::seconds)
    reply.headers.add("Retry-After", std::to_string(whole.count()));
  if (refusal.rule.retry_after == RetryAfterForm::date)
    reply.headers.add("Retry-After", http_date(std::chrono::ceil<seconds>(now + refusal.wait)));
  return reply;
}

void tell(const QuotaLeft& left, UtcTime now, Headers& headers) {
  const auto wait = std::chrono::ceil<seconds>(left.until_all);
  switch (left.rule.headers) {
    case QuotaHeaders::none: return;
    case QuotaHeaders::structured:
      return headers.add("RateLimit", fmt::format(R"("default";r={};t={})", left.calls, wait.count()));
    case QuotaHeaders::dictionary:
      return headers.add("RateLimit", fmt::format("limit={}, remaining={}, reset={}", left.rule.limit,
                                                  left.calls, wait.count()));
    case QuotaHeaders::pair:
      headers.add("RateLimit-Remaining", std::to_string(left.calls));
      return headers.add("RateLimit-Reset", std::to_string(wait.count()));
    case QuotaHeaders::epoch:
      headers.add("X-RateLimit-Remaining", std::to_string(left.calls));
      const auto moment = std::chrono::ceil<seconds>((now + left.until_all).time_since_epoch());
      return headers.add("X-RateLimit-Reset", std::to_string(moment.count()));
  }
}

}  // namespace offboard::simulator
