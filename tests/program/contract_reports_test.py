"""The audit report: its columns, types, formats and files."""
import csv
import datetime
import html.parser
import io
import json
import re

import harness
from harness import (BLOCKER_COLUMNS, HISTORY_COLUMNS, RUN_COLUMNS, TENANT_COLUMNS, Answer, customer, guid)

VIEWS = {"tenants": TENANT_COLUMNS, "blockers": BLOCKER_COLUMNS, "history": HISTORY_COLUMNS, "runs": RUN_COLUMNS}
NUMBERS = {"attempts", "http_status", "seq", "exit_code", "tenants", "patched", "blocked", "failed", "requests", "throttled"}
TIMES = {"checked_at", "patched_at", "since", "at", "started_at", "ended_at"}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")

FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0", "=\"a\"", "=1\n+2"]
PLAIN = ["a=1", "1-2", "a@example.com", "CHG-1, \"two\"", "line one\nline two", "größe → 😀", "'quoted'", "a;b"]


def is_number(table, name):
    """`patched` is a number among the runs and a state elsewhere; column names are otherwise plain."""
    return name in NUMBERS and (table == "runs" or name in ("attempts", "http_status", "seq"))


class Table(html.parser.HTMLParser):
    """The cells of the table in a page, and everything that a page could load or run."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.heads, self.rows, self.tags, self.links = [], [], set(), []
        self._into = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        loading = ("src", "href", "action", "data", "srcset")
        self.links += [value for name, value in attrs if name in loading or name.startswith("on")]
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self._into = self.rows[-1] if tag == "td" else self.heads
            self._into.append("")

    def handle_data(self, data):
        if self._into is not None:
            self._into[-1] += data

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self._into = None


class Views(harness.Case):
    def setUp(self):
        super().setUp()
        self.sim = self.simulator([
            customer(1), customer(2, subscriptions=[{"id": "sub-1", "status": "active", "offer_name": "Mail, \"big\"",
                                                     "friendly_name": "For the shops"},
                                                    {"id": "sub-2", "status": "pending", "offer_name": "<b>Bold</b>"}]),
            customer(4, company_name="Fabrikam, \"Inc.\"")])
        listed = [{"tenant_id": guid(1), "note": "CHG-1"}, {"tenant_id": guid(2)}, {"tenant_id": guid(3), "note": "unknown"},
                  {"tenant_id": guid(4), "company_name": "Fabrikam, \"Inc.\"", "domain": "company4.onmicrosoft.com",
                   "note": "größe → 😀\nsecond line"}]
        self.job(self.sim.url, listed)
        self.expect(4, "check")
        self.expect(4, "run")

    def names(self):
        return sorted(path.name for path in self.folder.iterdir() if not path.name.startswith("job.db"))

    def out(self, view, form):
        ended = self.expect(0, "report", "--view", view, "--format", form)
        self.assertEqual(b"", ended.err)
        return ended.out

    def test_csv_is_rfc_4180_with_the_columns_of_the_contract(self):
        for view, columns in VIEWS.items():
            with self.subTest(view):
                data = self.out(view, "csv")
                self.assertTrue(data.startswith((",".join(columns) + "\r\n").encode()), data[:200])
                self.assertTrue(data.endswith(b"\r\n"))
                text = data.decode("utf-8")
                outside = re.sub(r'"(?:[^"]|"")*"', "", text)
                self.assertNotIn('"', outside)
                self.assertEqual(outside.count("\n"), outside.count("\r\n"))
                rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
                self.assertEqual({len(columns)}, {len(row) for row in rows})
                self.assertEqual(len(rows) - 1, {"tenants": 4, "blockers": 2, "runs": 2}.get(view, len(rows) - 1))

    def test_json_is_an_array_of_objects_with_numbers_as_numbers_and_null_for_what_is_empty(self):
        for view, columns in VIEWS.items():
            with self.subTest(view):
                rows = json.loads(self.out(view, "json").decode("utf-8"))
                self.assertIsInstance(rows, list)
                by_csv = self.report(view)
                self.assertEqual(len(by_csv), len(rows))
                seen = set()
                for row, texts in zip(rows, by_csv):
                    self.assertEqual(columns, list(row))
                    for name, value in row.items():
                        if value is None:
                            self.assertEqual("", texts[name])
                            continue
                        seen.add(name)
                        self.assertIs(int if is_number(view, name) else str, type(value), name)
                        self.assertNotEqual("", value)
                        self.assertEqual(texts[name], str(value))
                self.assertGreater(len(seen), 6)

    def test_html_is_one_file_that_loads_nothing_with_the_same_cells(self):
        for view, columns in VIEWS.items():
            with self.subTest(view):
                text = self.out(view, "html").decode("utf-8")
                table = Table(text)
                self.assertEqual(columns, table.heads)
                by_csv = [list(row.values()) for row in self.report(view)]
                self.assertEqual(by_csv, [row for row in table.rows if row])
                self.assertTrue({"html", "table", "style"} <= table.tags)
                self.assertFalse({"script", "img", "iframe", "object", "embed"} & table.tags)
                self.assertEqual([], table.links)

    def test_times_are_utc_with_milliseconds(self):
        now = datetime.datetime.now(datetime.timezone.utc)
        for view in VIEWS:
            count = 0
            for row in self.report(view):
                for name in TIMES & set(row):
                    if row[name]:
                        count += 1
                        self.assertRegex(row[name], TIME)
                        age = now - datetime.datetime.fromisoformat(row[name])
                        self.assertLess(abs(age.total_seconds()), 600)
            self.assertGreater(count, 0, view)

    def test_a_row_tells_what_is_known_of_a_tenant(self):
        one, two, three, four = self.report()
        self.assertEqual([guid(n) for n in (1, 2, 3, 4)], [row["tenant_id"] for row in (one, two, three, four)])
        self.assertEqual(("patched", "", "1", "200", "CHG-1"), tuple(one[c] for c in ("state", "blockers", "attempts", "http_status", "note")))
        self.assertTrue(one["checked_at"] and one["patched_at"] and one["checked_at"] <= one["patched_at"])
        self.assertEqual("active-subscription:sub-1;pending-subscription:sub-2", two["blockers"])
        self.assertEqual(("0", ""), (two["attempts"], two["patched_at"]))
        self.assertEqual(("failed", "404", "1000"), (three["state"], three["http_status"], three["error_code"]))
        self.assertEqual(("Fabrikam, \"Inc.\"", "company4.onmicrosoft.com", "größe → 😀\nsecond line"),
                         (four["company_name"], four["domain"], four["note"]))
        for row in (one, four):
            sent, = self.sim.of("patch", int(row["tenant_id"][:8], 16))
            self.assertEqual((sent["request_id"], sent["correlation_id"]), (row["request_id"], row["correlation_id"]))
        asked = self.sim.of("customer", 3)[-1]
        self.assertEqual((asked["request_id"], asked["correlation_id"]), (three["request_id"], three["correlation_id"]))

    def test_a_row_tells_what_is_known_of_a_blocker(self):
        first, second = self.report("blockers")
        self.assertEqual((guid(2), "active-subscription", "sub-1", "active"),
                         tuple(first[c] for c in ("tenant_id", "code", "object_id", "object_status")))
        self.assertTrue("Mail" in first["object_name"] or "shops" in first["object_name"])
        self.assertEqual(("pending-subscription", "sub-2", "<b>Bold</b>", "pending"),
                         tuple(second[c] for c in ("code", "object_id", "object_name", "object_status")))

    def test_the_same_ledger_gives_the_same_bytes(self):
        for view in VIEWS:
            for form in ("csv", "json", "html"):
                self.assertEqual(self.out(view, form), self.out(view, form))

    def test_an_empty_view_is_a_header_or_an_empty_array(self):
        self.tenants([1])
        self.expect(0, "run")
        self.assertEqual((",".join(BLOCKER_COLUMNS) + "\r\n").encode(), self.out("blockers", "csv"))
        self.assertEqual([], json.loads(self.out("blockers", "json")))
        self.assertEqual(BLOCKER_COLUMNS, Table(self.out("blockers", "html").decode()).heads)

    def test_output_replaces_a_file_at_once_and_says_nothing_on_standard_output(self):
        for form in ("csv", "json", "html"):
            with self.subTest(form):
                target = self.folder / "out.txt"
                target.write_text("the old report")
                names = self.names()
                with open(target, encoding="utf-8") as reader:
                    ended = self.expect(0, "report", "--format", form, "--output", target)
                    self.assertEqual("the old report", reader.read(), "whoever reads sees one or the other, whole")
                self.assertEqual(b"", ended.out)
                self.assertEqual(self.out("tenants", form), target.read_bytes())
                self.assertEqual(names, self.names())
                target.unlink()

    def test_output_that_cannot_be_written_is_1_and_leaves_what_was_there(self):
        target = self.folder / "folder"
        target.mkdir()
        self.expect(1, "report", "--output", target)
        self.assertTrue(target.is_dir())
        self.expect(1, "report", "--output", self.folder / "tenants.csv" / "x")


class Dangerous(harness.Case):
    def report_bytes(self, form, view="tenants"):
        return self.expect(0, "report", "--view", view, "--format", form).out.decode("utf-8")

    def test_cells_that_a_spreadsheet_would_run_get_an_apostrophe_in_csv_alone(self):
        notes = FORMULAS + PLAIN
        sim = self.simulator([customer(n) for n in range(1, len(notes) + 1)])
        self.job(sim.url, [{"tenant_id": guid(n), "note": note} for n, note in enumerate(notes, 1)])
        self.expect(0, "check")
        by_json = {row["tenant_id"]: row["note"] for row in json.loads(self.report_bytes("json"))}
        table = Table(self.report_bytes("html"))
        by_html = {row[0]: row[-1] for row in table.rows if row}
        for n, note in enumerate(notes, 1):
            with self.subTest(note):
                self.assertEqual("'" + note if note in FORMULAS else note, self.tenant(n)["note"])
                self.assertEqual(note, by_json[guid(n)])
                self.assertEqual(note, by_html[guid(n)])

    def test_what_the_service_says_is_made_harmless_too(self):
        names = ["=HYPERLINK(\"http://x\")", "\t=1+1", "\r=1+1", "@a", "+a", "-a", "<script>alert(1)</script>",
                 "\"><img src=x onerror=alert(1)>", "</td></table>", "a\x00b", "a\x1b[31mb", "&lt;b&gt;"]
        server = self.service()
        for number, name in enumerate(names, 1):
            server.add(number, subscriptions=[{"id": name, "offerName": name, "friendlyName": name, "status": name},
                                              {"id": "s", "offerName": name, "status": "active"}])
            server.customers[guid(number)]["customer"]["companyProfile"]["companyName"] = name
        server.add(99)
        server.always("customer", Answer(400, {"code": "=1+1", "description": "=cmd|' /C calc'!A0<script>", "data": [], "source": "x"}), 99)
        self.job(server.url, [{"tenant_id": guid(1), "company_name": "Somebody"}, *range(2, len(names) + 1), 99],
                 report={"csv": "r.csv", "html": "r.html", "json": "r.json"})
        ended = self.expect(4, "run", "-v")
        self.assertNotIn("\x1b", ended.said)
        self.assertNotIn("\0", ended.said)
        rows = self.report("blockers") + self.report() + self.report("history")
        self.assertGreater(len(rows), 3 * len(names))
        for row in rows:
            for name, cell in row.items():
                self.assertFalse(cell.startswith(("=", "+", "-", "@", "\t", "\r")), f"{name}: {cell!r}")
        # And a cell of its own within a longer one: `code:object id` begins with a word, so it needs none.
        for view in ("tenants", "blockers", "history"):
            page = self.report_bytes("html", view)
            table = Table(page)
            self.assertFalse({"script", "img", "b"} & table.tags)
            self.assertEqual([], table.links)
            self.assertEqual({len(table.heads)}, {len(row) for row in table.rows if row})
            json.loads(self.report_bytes("json", view))
        self.assertFalse({"script", "img"} & Table((self.folder / "r.html").read_text(encoding="utf-8")).tags)
        self.assertIn("&lt;script&gt;", self.report_bytes("html", "blockers"))

    def test_a_jobs_name_is_made_harmless_in_html(self):
        sim = self.simulator([customer(1)])
        self.job(sim.url, [1], name="<script>alert(1)</script>", report={"html": "r.html"})
        self.expect(0, "run")
        for page in (self.report_bytes("html"), (self.folder / "r.html").read_text()):
            self.assertNotIn("<script", page)


class FilesOfARun(harness.Case):
    def test_date_and_run_stand_in_the_paths(self):
        sim = self.simulator([customer(1)])
        self.job(sim.url, [1], report={"csv": "out/{date}/r-{run}.csv", "json": "out/{run}.json", "html": "out/{date}-{date}.html"})
        for command in ("check", "run"):
            self.expect(0, command)
            run = self.report("runs")[-1]
            date = run["started_at"][:10]
            folder = self.folder / "out"
            rows = list(csv.DictReader(io.StringIO((folder / date / f"r-{run['run_id']}.csv").read_bytes().decode(), newline="")))
            self.assertEqual([guid(1)], [row["tenant_id"] for row in rows])
            self.assertEqual(rows[0]["state"], json.loads((folder / f"{run['run_id']}.json").read_bytes())[0]["state"])
            self.assertTrue((folder / f"{date}-{date}.html").exists())
        self.assertEqual(2, len(list((self.folder / "out" / date).iterdir())))

    def test_a_report_of_a_run_replaces_the_one_before_at_once(self):
        sim = self.simulator([customer(n) for n in range(1, 30)])
        self.job(sim.url, list(range(1, 30)), report={"csv": "r.csv"})
        self.expect(0, "check")
        with open(self.folder / "r.csv", encoding="utf-8", newline="") as reader:
            self.expect(0, "run")
            old = reader.read()
        self.assertIn("ready", old)
        self.assertNotIn("patched,", old.split("\r\n", 1)[1])
        new = (self.folder / "r.csv").read_bytes()
        self.assertEqual(new, self.expect(0, "report").out)
        self.assertEqual([], [p.name for p in self.folder.iterdir() if "r.csv" in p.name and p.name != "r.csv"])

    def test_a_report_without_a_place_to_go_is_told_before_anything_is_removed(self):
        sim = self.simulator([customer(1)])
        (self.folder / "file").write_text("")
        self.job(sim.url, [1], report={"csv": "file/r.csv"})
        self.expect(1, "run")
        self.assertEqual([], sim.of("patch"))


if __name__ == "__main__":
    harness.main()
