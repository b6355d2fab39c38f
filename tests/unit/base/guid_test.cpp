#include <base/guid.hpp>
#include <catch2/catch.hpp>
#include <unordered_set>
#include <vector>

namespace offboard {
namespace {

const std::string k_canonical = "0a1b2c3d-4e5f-6789-abcd-ef0123456789";

}  // namespace

TEST_CASE("a GUID is read in any letter case, with or without braces, into one spelling") {
  for (const std::string text :
       {"0a1b2c3d-4e5f-6789-abcd-ef0123456789", "0A1B2C3D-4E5F-6789-ABCD-EF0123456789",
        "0a1B2c3D-4e5F-6789-aBcD-eF0123456789", "{0a1b2c3d-4e5f-6789-abcd-ef0123456789}",
        "{0A1B2C3D-4E5F-6789-ABCD-EF0123456789}"}) {
    INFO(text);
    const auto guid = Guid::parse(text);
    REQUIRE(guid);
    CHECK(guid->text() == k_canonical);
    CHECK_FALSE(guid->empty());
  }
}

TEST_CASE("a GUID of zeros and one of any version are GUIDs") {
  CHECK(Guid::parse("00000000-0000-0000-0000-000000000000"));
  CHECK(Guid::parse("ffffffff-ffff-ffff-ffff-ffffffffffff"));
  CHECK(Guid::parse("11111111-1111-1111-1111-111111111111"));
}

TEST_CASE("anything that is nearly a GUID is refused") {
  const std::vector<std::string> refused = {
      "",
      "-",
      "{}",
      "0a1b2c3d4e5f6789abcdef0123456789",               // no dashes
      "0a1b2c3d-4e5f-6789-abcd-ef012345678",            // one digit short
      "0a1b2c3d-4e5f-6789-abcd-ef01234567890",          // one too many
      "0a1b2c3d-4e5f-6789-abcd-ef012345678g",           // not hexadecimal
      "ga1b2c3d-4e5f-6789-abcd-ef0123456789",           // at the start
      "0a1b2c3d-4e5f-6789-abcde-f0123456789",           // a dash out of place
      "0a1b2c3-d4e5f-6789-abcd-ef0123456789",           //
      "0a1b2c3d-4e5f-6789-abcd_ef0123456789",           // another sign for a dash
      "0a1b2c3d--e5f-6789-abcd-ef0123456789",           // a dash for a digit
      " 0a1b2c3d-4e5f-6789-abcd-ef0123456789",          // a space before
      "0a1b2c3d-4e5f-6789-abcd-ef0123456789 ",          // a space after
      "0a1b2c3d-4e5f-6789-abcd-ef0123456789\n",         // a line end
      "{0a1b2c3d-4e5f-6789-abcd-ef0123456789",          // one brace
      "0a1b2c3d-4e5f-6789-abcd-ef0123456789}",          //
      "}0a1b2c3d-4e5f-6789-abcd-ef0123456789{",         // braces the wrong way round
      "{{0a1b2c3d-4e5f-6789-abcd-ef0123456789}}",       // two pairs
      "(0a1b2c3d-4e5f-6789-abcd-ef0123456789)",         // other brackets
      "urn:uuid:0a1b2c3d-4e5f-6789-abcd-ef0123456789",  // a name for it
      "0x1b2c3d-4e5f-6789-abcd-ef0123456789",           //
      "+a1b2c3d-4e5f-6789-abcd-ef0123456789",           // a sign
      "0a1b2c3d-4e5f-6789-abcd-ef01234567\xC3\xA9",     // a letter of two bytes
      "0a1b2c3d\xE2\x80\x90"
      "4e5f-6789-abcd-ef01234567",  // a typographic dash, 36 bytes in all
  };
  for (const auto& text : refused) {
    INFO(text);
    CHECK_FALSE(Guid::parse(text));
  }
}

TEST_CASE("every place of a GUID is looked at") {
  const bool in_braces = GENERATE(false, true);
  for (std::size_t i = 0; i < k_canonical.size(); ++i) {
    for (const char wrong : {'g', '/', ':', '@', '`', 'G', '\0', ' '}) {
      auto text = k_canonical;
      text[i] = wrong;
      INFO(i << " " << static_cast<int>(wrong));
      CHECK_FALSE(Guid::parse(in_braces ? "{" + text + "}" : text));
    }
  }
}

TEST_CASE("a default-made GUID is empty and equals no parsed one") {
  const Guid none;
  CHECK(none.empty());
  CHECK(none.text().empty());
  CHECK(none != *Guid::parse(k_canonical));
  CHECK(none == Guid());
}

TEST_CASE("two spellings of one GUID are equal and hash alike") {
  const auto one = *Guid::parse("{0A1B2C3D-4E5F-6789-ABCD-EF0123456789}");
  const auto other = *Guid::parse(k_canonical);
  CHECK(one == other);
  CHECK(std::unordered_set<Guid>{one, other}.size() == 1);
  CHECK(*Guid::parse("00000000-0000-0000-0000-000000000001") <
        *Guid::parse("00000000-0000-0000-0000-000000000002"));
}

TEST_CASE("a GUID's bytes are its digits, and lead back to it") {
  const auto guid = Guid::parse("00112233-4455-6677-8899-aabbccddeeff").value();
  CHECK(guid.bytes()[0] == 0x00);
  CHECK(guid.bytes()[10] == 0xaa);
  CHECK(guid.bytes()[15] == 0xff);
  CHECK(Guid::of(guid.bytes()) == guid);
  const auto next = Guid::parse("00112233-4455-6677-8899-aabbccddeef0").value();
  CHECK(HashOfGuidBytes{}(guid.bytes()) != HashOfGuidBytes{}(next.bytes()));
}

}  // namespace offboard
