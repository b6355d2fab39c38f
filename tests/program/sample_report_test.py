"""The sample list against the sample world leads to samples/expected-report.csv, whichever way the list is written.

What differs from run to run is masked in the expected report, after a look at its form:
    <time>  checked_at, patched_at
    <id>    request_id, correlation_id, run_id (GUIDs that the program draws)
Everything else is compared byte by byte, object ids included: those are the world's own, drawn from its seed.
"""
import csv
import difflib
import io
import pathlib
import re

import harness
from harness import SIMULATOR, Going, environment, wait_until

SAMPLES = pathlib.Path(__file__).resolve().parents[2] / "samples"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
MASKS = {"checked_at": (TIME, "<time>"), "patched_at": (TIME, "<time>"),
         "request_id": (ID, "<id>"), "correlation_id": (ID, "<id>"), "run_id": (ID, "<id>")}


def masked(report):
    """The report with what differs from run to run replaced; other forms of those cells stay, and so show.

    Works on the text rather than on parsed cells, so that quotes and line ends are compared too: no masked cell
    needs quotes."""
    rows = list(csv.DictReader(io.StringIO(report, newline="")))
    lines = report.split("\r\n")
    assert len(lines) == len(rows) + 2, "a row is a line in the sample report"
    for number, row in enumerate(rows, start=1):
        for column, (form, mask) in MASKS.items():
            if form.fullmatch(row[column]):
                lines[number] = lines[number].replace(f",{row[column]},", f",{mask},")
    return "\r\n".join(lines)


class SampleReport(harness.Case):
    def setUp(self):
        super().setUp()
        port_file = self.folder / "port"
        self.log_file = self.folder / "log.jsonl"
        simulator = Going([SIMULATOR, "--world", SAMPLES / "world.yaml", "--port", 0, "--port-file", port_file,
                           "--log", self.log_file], self.folder, environment(self.folder))
        self.addCleanup(simulator.close)
        wait_until(lambda: port_file.exists() or not simulator.is_going(), "the simulator listens")
        self.port = int(port_file.read_text())

    def sample_job(self, tenants):
        """samples/demo.yaml, as a user would move it to a folder of their own."""
        text = (SAMPLES / "demo.yaml").read_text()
        for old, new in (("127.0.0.1:8700", f"127.0.0.1:{self.port}"),
                         ("tenants: tenants.csv", f"tenants: {SAMPLES / tenants}"), ("../var/", "")):
            self.assertIn(old, text)
            text = text.replace(old, new)
        job = self.folder / "demo.yaml"
        job.write_text(text)
        self.token_file = self.folder / "demo-refresh-token"
        self.token_file.write_text("demo-refresh-token")
        self.token_file.chmod(0o600)
        return job

    def run_sample(self, tenants):
        job = self.sample_job(tenants)
        secret = {"OFFBOARD_CLIENT_SECRET": "demo-secret-not-real"}
        self.expect(4, "run", job=job, variables=secret)
        file = (self.folder / "demo-report.csv").read_bytes().decode()
        self.assertEqual(file, self.expect(0, "report", job=job).out.decode(), "the file and the command say the same")
        self.expect(0, "verify", job=job)
        return file

    def assert_expected(self, report):
        expected = (SAMPLES / "expected-report.csv").read_bytes().decode()
        found = masked(report)
        if found != expected:
            self.fail("\n" + "\n".join(difflib.unified_diff(
                [repr(line) for line in expected.splitlines(True)], [repr(line) for line in found.splitlines(True)],
                "samples/expected-report.csv", "what came out", lineterm="", n=0)))

    def test_the_csv_list_leads_to_the_expected_report(self):
        self.assert_expected(self.run_sample("tenants.csv"))

    def test_the_yaml_list_leads_to_the_same_report(self):
        self.assert_expected(self.run_sample("tenants.yaml"))


if __name__ == "__main__":
    harness.main()
