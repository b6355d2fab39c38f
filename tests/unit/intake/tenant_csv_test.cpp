#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "given_file.hpp"
#include "intake/tenant_list.hpp"

namespace offboard::test {
namespace {

const std::string k_one = "a0000001-0000-4000-8000-000000000001";
const std::string k_two = "a0000002-0000-4000-8000-000000000002";

ReadList read_csv(std::string_view content, const std::string& name = "list.csv") {
  const Folder folder;
  auto reading = read_list(folder.write(name, content));
  // Without the folder, which has another name each time.
  for (auto& notice : reading.notices) notice.erase(0, folder.path().string().size() + 1);
  return reading;
}

TEST_CASE("a CSV list gives each tenant with what is expected of it, trimmed, in the order of the file") {
  const auto list = read_csv("tenant_id,company_name,domain,note\r\n" + k_two +
                             ", Contoso ,contoso.com,\"a, b\"\r\n{A0000001-" + k_one.substr(9) + "},,,\r\n")
                        .tenants;
  REQUIRE(list.size() == 2);
  CHECK(list[0] == ListedTenant{*Guid::parse(k_two), "Contoso", "contoso.com", "a, b"});
  CHECK(list[1] == ListedTenant{*Guid::parse(k_one), "", "", ""});
}

TEST_CASE("headers are known by any accepted spelling, whatever the case, spaces, - and _") {
  for (const auto* header : {"tenant_id", "Microsoft ID", "customer-tenant-id", "CustomerTenantId",
                             "Customer ID", "TENANT ID", "microsoft_id", " customerid "}) {
    INFO(header);
    CHECK(read_csv(std::string(header) + "\n" + k_one + "\n").tenants.size() == 1);
  }
  const auto list =
      read_csv("Microsoft ID,Company name,Primary domain name,Ticket\n" + k_one + ",A,b,c\n").tenants;
  CHECK(list[0] == ListedTenant{*Guid::parse(k_one), "A", "b", "c"});
}

TEST_CASE("a byte order mark, quoted headers, blank lines and any line end are read") {
  CHECK(read_csv("\xEF\xBB\xBF\"Tenant ID\",note\r\r" + k_one + ",x\r  \r" + k_two + ",\"y\nz\"")
            .tenants.size() == 2);
}

TEST_CASE("a note keeps its lines, each ended by LF") {
  CHECK(read_csv("note,tenant_id\n\"a\r\nb\rc\td\"," + k_one + "\n").tenants[0].note == "a\nb\nc\td");
}

TEST_CASE("columns that are ignored are named once") {
  const auto reading = read_csv("é,tenant_id,,Relationship\n1," + k_one + ",2,3\n1," + k_two + ",2,3\n");
  CHECK(reading.tenants.size() == 2);
  CHECK(reading.notices == Lines{"list.csv:1:1: columns that are ignored: é, Relationship"});
}

TEST_CASE("the same tenant twice is kept once, with a warning") {
  const auto reading = read_csv("tenant_id,company_name,note\n" + k_one + ",Contoso,a\n" + k_two + ",,\n{A" +
                                k_one.substr(1) + "},CONTOSO,a\n" + k_one + ",Contoso,b\n");
  REQUIRE(reading.tenants.size() == 2);
  CHECK(reading.tenants[0].note == "a");
  CHECK(reading.notices ==
        Lines{"list.csv:4:1: tenant " + k_one + " is listed twice; kept once; first on line 2",
              "list.csv:5:1: tenant " + k_one +
                  " is listed twice; kept once, with the first note; first on line 2"});
}

TEST_CASE("the same tenant twice with different expectations is an error that names the first line") {
  CHECK(wrong_with_csv("note,tenant_id,company_name,domain\n,\"" + k_one + "\",A,\nü," + k_one + ",B,\n," +
                       k_one + ",A,x\n") ==
        Lines{"3:3: tenant " + k_one + " is listed twice with a different company_name; first on line 2",
              "4:2: tenant " + k_one + " is listed twice with a different domain; first on line 2"});
}

TEST_CASE("a million wrong rows give fifty problems and a count") {
  std::string content = "tenant_id\n";
  for (int i = 0; i < 1'000'000; ++i) content += "x\n";
  const Folder folder;
  const auto file = folder.write("list.csv", content);
  try {
    (void)read_tenant_list(file);
    FAIL("accepted");
  } catch (const InvalidInput& invalid) {
    CHECK(invalid.problems().size() == 50);
    CHECK(invalid.total() == 1'000'000);
    const std::string text = invalid.what();
    CHECK(text.substr(text.rfind('\n')) == "\n… and 999950 more problems");
  }
}

TEST_CASE("every invalid row is reported with the column in characters") {
  CHECK(wrong_with_csv("note,tenant_id\néß,nope\n\n,\n,00000000-0000-0000-0000-000000000000\n\"ü\",x\ty\n") ==
        Lines{"2:4: tenant_id \"nope\" is not a GUID", "4:2: tenant_id is empty",
              "5:2: tenant_id is the GUID of zeros, which is no tenant",
              "6:5: tenant_id \"x y\" is not a GUID"});
}

TEST_CASE("a value that is no GUID is shown shortened") {
  CHECK(wrong_with_csv("tenant_id\n" + std::string(200, 'x') + "\n") ==
        Lines{"2:1: tenant_id \"" + std::string(60, 'x') + "…\" is not a GUID"});
}

TEST_CASE("ragged rows are errors that say how many of how many") {
  CHECK(wrong_with_csv("tenant_id,note\n" + k_one + "\né" + k_one + ",a,b\n") ==
        Lines{"2:1: this row has 1 field, and the header has 2",
              "3:41: this row has 3 fields, and the header has 2"});
}

TEST_CASE("broken quoting is reported with the other problems") {
  CHECK(wrong_with_csv("tenant_id,note\n" + k_one + ",\"x\"y\nbad,\n" + k_two + ",a\"b\n" + k_two +
                       ",\"open\n") ==
        Lines{"2:41: text after the closing quote of the field that begins on line 2",
              "3:1: tenant_id \"bad\" is not a GUID",
              "4:39: a quote inside a field that does not begin with one",
              "5:38: this quote is never closed"});
}

TEST_CASE("two columns of one meaning are an error that names both") {
  CHECK(wrong_with_csv("Microsoft ID,note,Customer ID\n" + k_one + ",," + k_one + "\n") ==
        Lines{"1:19: the columns \"Microsoft ID\" and \"Customer ID\" both mean tenant_id"});
}

TEST_CASE("a header without tenant_id is an error") {
  CHECK(wrong_with_csv("\nname,note\na,b\n") ==
        Lines{"2:1: there is no column tenant_id (or Microsoft ID, customer-tenant-id, Customer ID)"});
  CHECK(wrong_with_csv("x," + k_one + "\n") ==
        Lines{"1:3: the first line must name the columns, and here is a tenant already"});
}

TEST_CASE("a separator that is no comma is named") {
  CHECK(wrong_with_csv("tenant_id;company, name\n" + k_one + ";x\n") ==
        Lines{"1:10: the columns are separated by semicolons; the list must be separated by commas"});
  CHECK(wrong_with_csv("\"Company name\"\t\"Microsoft ID\"\nx\t" + k_one + "\n") ==
        Lines{"1:15: the columns are separated by tabs; the list must be separated by commas"});
  CHECK(wrong_with_csv("note|Customer ID\n") ==
        Lines{"1:5: the columns are separated by bars; the list must be separated by commas"});
}

TEST_CASE("a list without a tenant would withdraw everybody, and is refused") {
  const Lines refusal = {"1:1: the list has no tenant; a list without a tenant would withdraw everybody"};
  CHECK(wrong_with_csv("") == refusal);
  CHECK(wrong_with_csv("\xEF\xBB\xBF\r\n  \r\n") == refusal);
  CHECK(wrong_with_csv("tenant_id,note\n\n") == refusal);
}

TEST_CASE("control characters and over-long texts are refused") {
  CHECK(wrong_with_csv("tenant_id,company_name,domain,note\n" + k_one + ",\"a\nb\",c\x07,d\n" + k_two +
                       ",a,b,\x1b[31m\n") == Lines{"2:38: company_name has a line end in it",
                                                   "3:4: domain has a control character in it (U+0007)",
                                                   "4:42: note has a control character in it (U+001B)"});
  CHECK(wrong_with_csv("tenant_id,company_name,domain,note\n" + k_one + "," + std::string(1001, 'x') + ",," +
                       std::string(10'001, 'x') + "\n") ==
        Lines{"2:38: company_name is longer than 1000 bytes", "2:1041: note is longer than 10000 bytes"});
}

TEST_CASE("broken UTF-8 and NUL are refused where they stand") {
  CHECK(wrong_with_csv("tenant_id\r\né\xFF\n") ==
        Lines{"2:2: this is not UTF-8: byte 0xFF; save the file as UTF-8"});
  CHECK(wrong_with_csv(std::string("tenant_id\r\rab\0", 14)) ==
        Lines{"3:3: a NUL byte; this is not a text file"});
}

TEST_CASE("the extension decides the format, in any letter case") {
  CHECK(read_csv("tenant_id\n" + k_one + "\n", "LIST.CSV").tenants.size() == 1);
  CHECK(read_csv("- " + k_one + "\n", "list.YML").tenants.size() == 1);
  CHECK(read_csv("- " + k_one + "\n", "list.Yaml").tenants.size() == 1);
  CHECK(complaints_of([] { (void)read_tenant_list("list.txt"); }) ==
        Lines{"1:1: a tenant list's name must end in .csv, .yaml or .yml"});
}

TEST_CASE("a list that cannot be read is the user's mistake") {
  const Folder folder;
  CHECK(complaints_of([&] { (void)read_tenant_list(folder.path() / "none.csv"); }) ==
        Lines{"1:1: there is no such file"});
  std::filesystem::create_directory(folder.path() / "folder.csv");
  CHECK(complaints_of([&] { (void)read_tenant_list(folder.path() / "folder.csv"); }) ==
        Lines{"1:1: this is not a regular file"});
}

}  // namespace
}  // namespace offboard::test
