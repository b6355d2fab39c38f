"""The audit report opened with other people's programs: python's csv module, sqlite3's .import and a spreadsheet program.

All must see the same rows, whatever the customers are called: separators, quotes, formulas, other scripts, spaces at the
ends, line ends where a service's words could hold them. Without `soffice` or `sqlite3` that program's part is skipped.
"""
import csv
import io
import json
import os
import shutil
import subprocess
import unittest

import harness
from harness import customer, guid

# Names as a customer could have them, and as the list repeats them. Control characters are not among them: a list that has
# some is refused. The service's own texts may hold anything.
NAMES = (
    'Fabrikam, "The Best", Inc.',
    "Semicolon; | Pipe",
    '"',
    "'already an apostrophe",
    '=HYPERLINK("http://example.invalid/?x="&A1,"click")',
    "=1+1",
    "+41 44 000 00 00",
    "-5",
    "@SUM(A1:A9)",
    " =2+3",
    "\u00a0=4+5",
    "\uff1d6+7",
    "-1+cmd|' /C calc'!A0",
    "Zażółć gęślą jaźń",
    "株式会社サンプル",
    "شركة مثال",
    "e\u0301 combining",
    "007",
    "1e5",
    "2026-11-23",
    "1/2",
    "TRUE",
    "#REF!",
    "NULL",
    "\\N",
    "back\\slash, C:\\new",
    "O'Brien; DROP TABLE tenants; --",
    "<script>alert(1)</script>",
    "a" * 200,
)
# What the service says in its own words ends up in a cell too, on one line.
WORDS = 'refused, "for\nreasons"\r\nof its own\t=1+1'


def plain(rows):
    return [tuple(row) for row in rows]


class Spreadsheet(harness.Case):
    def setUp(self):
        super().setUp()
        numbers = range(1, len(NAMES) + 1)
        customers = [customer(number, company_name=name) for number, name in zip(numbers, NAMES)]
        # Every third is blocked, by a subscription that is called like the customer; every fifth is refused.
        for number, made in zip(numbers, customers):
            if number % 3 == 0:
                made["subscriptions"] = [{"id": guid(number + 1000), "offer_name": f"{NAMES[number - 1]}\r\n\t=1+1", "status": "active"}]
        faults = [{"match": {"customer": guid(number), "kind": "customer"}, "fault": "status", "status": 403,
                   "code": "=4711", "description": WORDS} for number in numbers if number % 5 == 0]
        sim = self.simulator(customers, faults=faults)
        self.job(sim.url, [{"tenant_id": guid(number), "company_name": name, "note": f"{name} 🧾"}
                           for number, name in zip(numbers, NAMES)], report={"csv": "report.csv"})
        self.expect(4, "run")

    def view(self, view):
        """The CSV file of a view, its rows as python's csv module reads them, and what the JSON says is in them."""
        file = self.folder / f"report-{view}.csv"
        self.expect(0, "report", "--view", view, "--output", file)
        with open(file, newline="", encoding="utf-8") as opened:
            rows = plain(csv.reader(opened, strict=True))
        return file, rows, json.loads(self.expect(0, "report", "--view", view, "--format", "json").text)

    def test_python_reads_what_the_json_says(self):
        for view in ("tenants", "blockers", "history", "runs"):
            with self.subTest(view):
                file, rows, said = self.view(view)
                data = file.read_bytes()
                self.assertEqual(len(said), len(rows) - 1)
                self.assertEqual({len(rows[0])}, {len(row) for row in rows})
                self.assertTrue(data.endswith(b"\r\n"))
                self.assertNotRegex(data, rb"[^\r]\n", "line ends are CRLF")
                for row, values in zip(rows[1:], said):
                    for cell, value in zip(row, values.values()):
                        text = "" if value is None else str(value)
                        self.assertIn(cell, (text, "'" + text))
        tenants = self.view("tenants")[2]
        self.assertEqual([name.strip() for name in NAMES], [row["company_name"].strip() for row in tenants])
        self.assertEqual({"patched", "blocked", "failed"}, {row["state"] for row in tenants})

    def test_no_cell_is_a_formula(self):
        for view in ("tenants", "blockers"):
            for row in self.view(view)[1][1:]:
                for cell in row:
                    self.assertNotRegex(cell.lstrip(" \u00a0\u3000\ufeff\n"), r"\A[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]", cell)

    @unittest.skipUnless(shutil.which("sqlite3"), "sqlite3 is not installed")
    def test_sqlite_imports_the_same_rows(self):
        for view in ("tenants", "blockers", "history", "runs"):
            with self.subTest(view):
                file, rows, _ = self.view(view)
                commands = f'.import --csv "{file}" report\n.headers on\n.mode json\nselect * from report;\n'
                ended = subprocess.run(["sqlite3", "-batch", ":memory:"], input=commands.encode(), check=True,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=harness.TIMEOUT)
                self.assertEqual(b"", ended.stderr)
                imported = json.loads(ended.stdout)
                self.assertEqual(rows, [tuple(imported[0])] + [tuple(row.values()) for row in imported])

    @unittest.skipUnless(shutil.which("soffice"), "LibreOffice is not installed")
    def test_a_spreadsheet_program_shows_the_same_rows(self):
        opened = self.folder / "opened"
        views = {view: self.view(view) for view in ("tenants", "blockers")}
        for file, rows, _ in views.values():
            # In: comma, double quote, UTF-8, from line 1, every column as text, as a careful reader sets it in the dialogue. Out: likewise.
            columns = "/".join(f"{number + 1}/2" for number in range(len(rows[0])))
            ended = subprocess.run(
                ["soffice", f"-env:UserInstallation=file://{self.folder}/office", "--headless", "--norestore",
                 f"--infilter=Text - txt - csv (StarCalc):44,34,76,1,{columns}", "--convert-to",
                 "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false", "--outdir", opened, file],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, check=False,
                env={"PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C.UTF-8"})
            self.assertEqual(0, ended.returncode, ended.stdout)
            self.assertTrue((opened / file.name).exists(), ended.stdout)
            text = (opened / file.name).read_text(encoding="utf-8")
            # It keeps a line end within a cell, and writes it its own way.
            self.assertEqual([tuple(cell.replace("\r\n", "\n") for cell in row) for row in rows],
                             plain(csv.reader(io.StringIO(text, newline=""))))


if __name__ == "__main__":
    harness.main()
