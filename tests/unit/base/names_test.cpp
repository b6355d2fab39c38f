#include <base/text.hpp>
#include <catch2/catch.hpp>

namespace offboard {

TEST_CASE("names are the same whatever their letter case") {
  CHECK(same_name("Contoso GmbH", "CONTOSO gmbh"));
  CHECK(same_name("\xC3\x96RESUND", "\xC3\xB6resund"));                      // Ö ö
  CHECK(same_name("\xC3\x86ON", "\xC3\xA6on"));                              // Æ æ
  CHECK(same_name("\xC5\x81\xC3\x93\xC5\xB9", "\xC5\x82\xC3\xB3\xC5\xBA"));  // Łódź without its d
  CHECK(same_name("\xD0\x9E\xD0\x9E\xD0\x9E", "\xD0\xBE\xD0\xBE\xD0\xBE"));  // ООО, Cyrillic
  CHECK(same_name("\xCE\x91\xCE\x92", "\xCE\xB1\xCE\xB2"));                  // ΑΒ αβ
  CHECK(same_name("\xF0\x90\x90\x80", "\xF0\x90\x90\xA8"));  // Deseret, beyond the first plane
}

TEST_CASE("a Greek name that ends with sigma is the same in capitals") {
  // ΣΟΦΟΣ, Σοφος: the last small sigma has a form of its own.
  CHECK(same_name("\xCE\xA3\xCE\x9F\xCE\xA6\xCE\x9F\xCE\xA3", "\xCE\xA3\xCE\xBF\xCF\x86\xCE\xBF\xCF\x82"));
}

TEST_CASE("outer spaces of a name do not count, inner ones do") {
  CHECK(same_name("  Contoso\t", "Contoso"));
  CHECK(
      same_name("\xC2\xA0"
                "Contoso \xC2\xA0\r\n",
                "Contoso"));
  CHECK_FALSE(same_name("Con toso", "Contoso"));
  CHECK_FALSE(same_name("Con  toso", "Con toso"));
  CHECK_FALSE(same_name("Con\xC2\xA0toso", "Con toso"));
}

TEST_CASE("names that differ in more than letter case are different") {
  CHECK_FALSE(same_name("Contoso", "Contoso AB"));
  CHECK_FALSE(same_name("Contoso AB", "Contoso"));
  CHECK_FALSE(same_name("Resume", "R\xC3\xA9sum\xC3\xA9"));
  CHECK_FALSE(same_name("A", "\xD0\x90"));  // Latin and Cyrillic A
  CHECK_FALSE(same_name("", "x"));
  CHECK_FALSE(same_name("\xFF", "\xFE"));
}

TEST_CASE("a broken byte is the same as itself only, and not as the character of its number") {
  CHECK(same_name("a\xE9", "A\xE9"));
  CHECK_FALSE(same_name("\xE9", "\xC3\xA9"));
  CHECK_FALSE(same_name("\xC9", "\xE9"));
}

TEST_CASE("trimming takes spaces, tabs, line ends and no-break spaces from both ends, in any mixture") {
  CHECK(trim(" \t\r\n\xC2\xA0 x y \xC2\xA0\n\t ") == "x y");
  CHECK(trim("") == "");
  CHECK(trim(" ").empty());
  CHECK(trim("\xC2\xA0\xC2\xA0").empty());
  CHECK(trim("x") == "x");
}

TEST_CASE("trimming never cuts a character in half") {
  CHECK(trim("\xC3\xA0") == "\xC3\xA0");            // à ends with the byte A0
  CHECK(trim("x\xE2\x82\xA0") == "x\xE2\x82\xA0");  // and so does U+20A0
  CHECK(trim("\xC2\xA9x") == "\xC2\xA9x");          // © begins with the byte C2
  CHECK(trim("\xA0x\xC2") == "\xA0x\xC2");          // broken halves are not spaces
}

}  // namespace offboard
