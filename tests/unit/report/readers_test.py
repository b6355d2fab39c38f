"""Opens the reports that report_probe writes with readers that are not ours, and compares every cell.

usage: readers_test.py REPORT_PROBE
"""
import base64
import csv
import hashlib
import html.parser
import json
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

PROBE = sys.argv.pop(1)
SOFFICE = shutil.which("soffice")
SQLITE = shutil.which("sqlite3")
FORMULA = re.compile("[ \n\u00a0\u3000\ufeff]*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")


def neutralised(text):
    return "'" + text if FORMULA.match(text) else text


def read_csv(path):
    csv.field_size_limit(1_000_000)
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file, strict=True))


class Table(html.parser.HTMLParser):
    """The cells of a page's only table, and every tag with its attributes."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.rows, self.tags, self.in_cell = [], [], False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self.in_cell = True

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.in_cell = False

    def handle_data(self, data):
        if self.in_cell:
            self.rows[-1][-1] += data


class Readers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = pathlib.Path(cls.folder.name)
        said = subprocess.run([PROBE, cls.folder.name], check=True, stdout=subprocess.PIPE, timeout=60).stdout
        cls.meant = json.loads(said)
        cls.in_csv = [[neutralised(cell) for cell in row] for row in cls.meant]

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def compare(self, read, expected):
        self.assertEqual(len(read), len(expected))
        for number, (row, wanted) in enumerate(zip(read, expected)):
            self.assertEqual(row, wanted, f"row {number}")

    def test_the_table_is_hostile(self):
        self.assertGreater(len(self.meant), 40)
        self.assertGreater(sum(map(bool, map(FORMULA.match, sum(self.meant, [])))), 30)

    def test_python_csv(self):
        self.compare(read_csv(self.path / "hostile.csv"), self.in_csv)

    def test_csv_has_no_byte_order_mark_and_ends_with_crlf(self):
        data = (self.path / "hostile.csv").read_bytes()
        self.assertTrue(data.startswith(b"tenant_id,"))
        self.assertTrue(data.endswith(b"\r\n"))

    @unittest.skipUnless(SQLITE, "the sqlite3 command is not installed")
    def test_sqlite_import(self):
        database = self.path / "read.db"
        command = f'.import --csv "{self.path}/hostile.csv" report'
        done = subprocess.run([SQLITE, "-batch", database, command], capture_output=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        with sqlite3.connect(database) as connection:
            cursor = connection.execute("SELECT * FROM report ORDER BY rowid")
            names = [column[0] for column in cursor.description]
            self.compare([names] + [list(row) for row in cursor], self.in_csv)
        connection.close()

    def convert(self, target, reading):
        """What LibreOffice makes of the CSV, read as comma, double quote, UTF-8 and `reading`."""
        command = [SOFFICE, f"-env:UserInstallation=file://{self.path}/profile", "--headless",
                   f"--infilter=Text - txt - csv (StarCalc):44,34,76,1,{reading}",
                   "--convert-to", target, "--outdir", self.path / "office", self.path / "hostile.csv"]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        return self.path / "office" / f"hostile.{target.split(':')[0]}"

    @unittest.skipUnless(SOFFICE, "LibreOffice is not installed")
    def test_libre_office(self):
        def as_shown(text):  # LibreOffice has one kind of line end, and may show the apostrophe or obey it
            return re.sub("\r\n?", "\n", text).lstrip("'")

        columns_are_text = "/".join(f"{number}/2" for number in range(1, len(self.meant[0]) + 1))
        read = read_csv(self.convert("csv:Text - txt - csv (StarCalc):44,34,76", columns_are_text))
        self.compare([[as_shown(cell) for cell in row] for row in read],
                     [[as_shown(cell) for cell in row] for row in self.in_csv])

    @unittest.skipUnless(SOFFICE, "LibreOffice is not installed")
    def test_libre_office_finds_no_formula(self):
        formulas_run = ",1033,false,true,true,false,false,0,true"  # the last: evaluate formulas
        page = self.convert("fods", formulas_run).read_text(encoding="utf-8")
        self.assertIn("HYPERLINK", page)
        self.assertNotIn("table:formula", page)

    def test_json(self):
        rows = json.loads((self.path / "hostile.json").read_text(encoding="utf-8"))
        self.compare([list(row) for row in rows], [self.meant[0]] * len(rows))
        self.compare([list(row.values()) for row in rows],
                     [[cell or None for cell in row] for row in self.meant[1:]])

    def test_json_has_a_row_on_a_line(self):
        lines = (self.path / "hostile.json").read_text(encoding="utf-8").split("\n")
        self.assertEqual(len(lines), len(self.meant) - 1 + 3)  # [, ] and what follows the last line end

    def test_html_cells(self):
        page = self.page()
        self.compare(Table(page).rows, self.meant)

    def test_html_has_no_tag_of_the_content_and_no_script(self):
        tags = {tag for tag, _ in Table(self.page()).tags}
        self.assertEqual(tags, {"html", "head", "meta", "title", "style", "body", "h1", "table", "caption", "thead",
                                "tr", "th", "tbody", "td", "p"})

    def test_html_policy_allows_exactly_the_page_style(self):
        page = self.page()
        style = page[page.index("<style>") + len("<style>"):page.index("</style>")]
        wanted = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        policies = [attributes["content"] for _, attributes in Table(page).tags
                    if attributes.get("http-equiv") == "Content-Security-Policy"]
        self.assertEqual(policies, [f"default-src 'none'; style-src 'sha256-{wanted}'; base-uri 'none'; "
                                    "form-action 'none'"])

    def page(self):
        with open(self.path / "hostile.html", encoding="utf-8", newline="") as file:
            return file.read()


if __name__ == "__main__":
    unittest.main(verbosity=2)
