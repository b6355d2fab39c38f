#include <catch2/catch.hpp>

#include "listed_rows.hpp"

namespace offboard::test {
namespace {

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::string page(std::vector<TenantRow> tenants, const Heading& heading = {"nightly", ""}) {
  ListedRows rows;
  rows.tenants = std::move(tenants);
  return written(View::tenants, Format::html, rows, heading);
}

}  // namespace

TEST_CASE("a small HTML table has exactly these bytes") {
  const auto text = page({patched_tenant()}, {"nightly", "2026-11-23T02:00:00.000Z"});
  CHECK(text.substr(text.find("<body>")) ==
        "<body>\n"
        "<h1>Tenants of nightly</h1>\n"
        "<table>\n"
        "<caption>A row per listed tenant, in list order; as of 2026-11-23T02:00:00.000Z</caption>\n"
        "<thead><tr><th scope=\"col\">tenant_id</th><th scope=\"col\">company_name</th>"
        "<th scope=\"col\">domain</th><th scope=\"col\">state</th><th scope=\"col\">blockers</th>"
        "<th scope=\"col\">detail</th><th scope=\"col\">checked_at</th><th scope=\"col\">patched_at</th>"
        "<th scope=\"col\">attempts</th><th scope=\"col\">http_status</th>"
        "<th scope=\"col\">error_code</th><th scope=\"col\">request_id</th>"
        "<th scope=\"col\">correlation_id</th><th scope=\"col\">run_id</th><th scope=\"col\">note</th>"
        "</tr></thead>\n"
        "<tbody>\n"
        "<tr><td>11111111-1111-1111-1111-111111111111</td><td>Fabrikam, Inc.</td>"
        "<td>fabrikam.onmicrosoft.com</td><td><span class=\"state patched\">patched</span></td>"
        "<td></td><td></td><td>2026-11-23T01:38:07.123Z</td><td>2026-11-23T01:38:09.456Z</td>"
        "<td class=\"number\">1</td><td class=\"number\">200</td><td></td>"
        "<td>22222222-2222-2222-2222-222222222222</td><td>33333333-3333-3333-3333-333333333333</td>"
        "<td>run-1</td><td>CHG-42</td></tr>\n"
        "</tbody>\n"
        "</table>\n"
        "<p>1 row</p>\n"
        "</body>\n"
        "</html>\n");
}

TEST_CASE("the HTML title names the view and the job") {
  ListedRows rows;
  CHECK(has(page({}), "<title>Tenants of nightly - offboard</title>"));
  CHECK(has(written(View::runs, Format::html, rows), "<title>Runs of nightly - offboard</title>"));
}

TEST_CASE("an HTML page is English UTF-8 that may load and run nothing") {
  const auto text = page({patched_tenant()});
  CHECK(text.starts_with("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"));
  CHECK(has(text, "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-"));
  CHECK_FALSE(has(text, "<script"));
  CHECK_FALSE(has(text, "<link"));
  CHECK_FALSE(has(text, "://"));
  CHECK_FALSE(has(text, "url("));
}

TEST_CASE("hostile text stays text in an HTML page") {
  const auto text = page({tenant_noted("<script>alert('1')</script> & \"x\"\r")});
  CHECK(has(text, "<td>&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;x&quot;&#13;</td>"));
  CHECK_FALSE(has(text, "<script"));
}

TEST_CASE("a hostile job name stays text in title and heading") {
  const auto text = page({}, {"</title><script>\xFF", "<b>"});
  CHECK(has(text, "<title>Tenants of &lt;/title&gt;&lt;script&gt;\uFFFD - offboard</title>"));
  CHECK(has(text, "<h1>Tenants of &lt;/title&gt;&lt;script&gt;\uFFFD</h1>"));
  CHECK(has(text, "as of &lt;b&gt;</caption>"));
}

TEST_CASE("only a word of the state table becomes a class") {
  auto row = tenant_noted("");
  row.state = "x\" onclick=\"y";
  row.note = "blocked";
  const auto text = page({row});
  CHECK(has(text, "<td>x&quot; onclick=&quot;y</td>"));
  CHECK(has(text, "<td>blocked</td>"));
  CHECK_FALSE(has(text, "<span"));
}

TEST_CASE("each side of a move is coloured in the HTML history") {
  ListedRows rows;
  rows.history.resize(1);
  rows.history[0].from_state = "ready";
  rows.history[0].to_state = "patching";
  const auto text = written(View::history, Format::html, rows);
  CHECK(has(text, "<span class=\"state ready\">ready</span>"));
  CHECK(has(text, "<span class=\"state patching\">patching</span>"));
}

}  // namespace offboard::test
