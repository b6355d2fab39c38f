#include <catch2/catch.hpp>
#include <string>

#include "given_file.hpp"
#include "intake/tenant_list.hpp"

namespace offboard::test {
namespace {

const std::string k_first = "a0000001-0000-4000-8000-000000000001";
const std::string k_second = "a0000002-0000-4000-8000-000000000002";

TenantList read_yaml(std::string_view content) {
  const Folder folder;
  return read_list(folder.write("list.yaml", content)).tenants;
}

TEST_CASE("a YAML list holds GUIDs and maps") {
  const auto list =
      read_yaml("- " + k_second + "\n- tenant_id: '{A" + k_first.substr(1) +
                "}'\n  company_name: Contoso\n  domain: contoso.com\n  note: |\n    a\n    b\n");
  REQUIRE(list.size() == 2);
  CHECK(list[0] == ListedTenant{*Guid::parse(k_second), "", "", ""});
  CHECK(list[1] == ListedTenant{*Guid::parse(k_first), "Contoso", "contoso.com", "a\nb"});
}

TEST_CASE("a YAML list may stand under the key tenants, and in brackets") {
  CHECK(read_yaml("tenants:\n- " + k_first + "\n- " + k_second + "\n").size() == 2);
  CHECK(read_yaml("{tenants: [" + k_first + ", {Microsoft ID: " + k_second + ", Ticket: 5}]}\n")[1].note ==
        "5");
}

TEST_CASE("an optional text without a value is not given") {
  const auto list = read_yaml("- tenant_id: " + k_first + "\n  domain:\n  note: ~\n");
  CHECK(list[0] == ListedTenant{*Guid::parse(k_first), "", "", ""});
}

TEST_CASE("an item must have a tenant_id that is a GUID") {
  CHECK(wrong_with_yaml(
            "- é\n-\n- # later\n- ~\n- {note: x}\n- {}\n- {tenant_id: }\n- {ü: 1, tenant_id: nope}\n") ==
        Lines{"1:3: tenant_id \"é\" is not a GUID", "2:1: an item without a tenant",
              "3:1: an item without a tenant", "4:3: an item without a tenant",
              "5:3: this item has no tenant_id", "6:3: this item has no tenant_id", "7:4: tenant_id is empty",
              "8:4: unknown key \"ü\"; known are tenant_id, company_name, domain, note"});
  CHECK(wrong_with_yaml("tenants: [" + k_first + ", , é]\n") ==
        Lines{"1:47: an item without a tenant", "1:51: tenant_id \"é\" is not a GUID"});
}

TEST_CASE("unknown and doubled keys of an item are errors, and what they hold is passed over") {
  CHECK(wrong_with_yaml("- tenant_id: " + k_first +
                        "\n  nöte: {a: [b]}\n  note: x\n  note: y\n  Ticket: z\n") ==
        Lines{"2:3: unknown key \"nöte\"; known are tenant_id, company_name, domain, note",
              "4:3: the key note stands here twice", "5:3: the keys \"note\" and \"Ticket\" both mean note"});
}

TEST_CASE("nested values are errors") {
  CHECK(wrong_with_yaml("- [" + k_first + "]\n- tenant_id: {a: b}\n- tenant_id: " + k_second +
                        "\n  note: [x, [y]]\n") ==
        Lines{"1:3: an item must be a GUID, or a map with the key tenant_id",
              "2:14: tenant_id must be a text", "4:9: note must be a text"});
}

TEST_CASE("a GUID in braces without quotes is explained") {
  CHECK(wrong_with_yaml("- {" + k_first + "}\n") ==
        Lines{"1:4: a GUID in braces must be put in quotes: to YAML, braces are a map"});
}

TEST_CASE("at the top, only a list or a map with the key tenants is known") {
  const std::string shape = "a list of tenants, or a map with the key tenants, is expected here";
  CHECK(wrong_with_yaml(k_first + "\n") == Lines{"1:1: " + shape});
  CHECK(wrong_with_yaml("~\n") == Lines{"1:1: " + shape});
  CHECK(wrong_with_yaml("tenants: x\n") == Lines{"1:10: " + shape});
  CHECK(wrong_with_yaml("tenants:\n") == Lines{"1:1: " + shape});
  CHECK(wrong_with_yaml("tenants: {a: b}\n") == Lines{"1:10: " + shape});
  CHECK(wrong_with_yaml("tenants: [" + k_first + "]\ntenants: [x]\nTenants: [y]\n") ==
        Lines{"2:1: the key tenants stands here twice",
              "3:1: unknown key \"Tenants\"; only tenants is known here"});
}

TEST_CASE("a YAML list without a tenant would withdraw everybody, and is refused") {
  const Lines refusal = {"1:1: the list has no tenant; a list without a tenant would withdraw everybody"};
  CHECK(wrong_with_yaml("[]\n") == refusal);
  CHECK(wrong_with_yaml("tenants: []\n") == refusal);
  CHECK(wrong_with_yaml("{}\n") == refusal);
}

TEST_CASE("a tenant twice in a YAML list is treated as in a CSV list") {
  const Folder folder;
  const auto file = folder.write("list.yaml", "- " + k_first + "\n- {note: x, tenant_id: " + k_first + "}\n");
  const auto reading = read_list(file);
  CHECK(reading.tenants.size() == 1);
  CHECK(reading.notices == Lines{file.string() + ":2:24: tenant " + k_first +
                                 " is listed twice; kept once, with the first note; first on line 1"});
  CHECK(wrong_with_yaml("- " + k_first + "\n- {domain: x, tenant_id: " + k_first + "}\n") ==
        Lines{"2:26: tenant " + k_first + " is listed twice with a different domain; first on line 1"});
}

TEST_CASE("control characters that an escape brings in are refused") {
  CHECK(wrong_with_yaml("- tenant_id: " + k_first + "\n  note: \"a\\0b\"\n  domain: \"a\\nb\"\n") ==
        Lines{"2:9: note has a control character in it (U+0000)", "3:11: domain has a line end in it"});
}

}  // namespace
}  // namespace offboard::test
