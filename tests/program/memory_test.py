"""Memory hardly grows with the list: by some 40 bytes a tenant, and by what the database keeps at hand for a large ledger."""
import json
import os
import subprocess
import unittest

import harness
from harness import guid

TENANTS = 150_000
# Above what a short list takes, in KiB. A list that was held whole took 50 MiB more.
ALLOWED = 32 * 1024


class Memory(harness.Case):
    def peak(self, command, *arguments, code=0, job=None):
        """KiB."""
        with open(os.devnull, "wb") as nowhere:
            process = subprocess.Popen([harness.OFFBOARD, command, job or self.job_file, *arguments], cwd=self.folder,
                                       stdin=subprocess.DEVNULL, stdout=nowhere, stderr=subprocess.PIPE,
                                       env=harness.environment(self.folder))
            said = process.stderr.read()
            process.stderr.close()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(code, process.returncode, said)
        return usage.ru_maxrss

    def write_lists(self, count):
        """A row at a time: what this process takes at its largest counts for its children too."""
        with open(self.folder / "list.csv", "w") as csv, open(self.folder / "list.yaml", "w") as yaml:
            csv.write("tenant_id,company_name,domain,note\n")
            for n in range(1, count + 1):
                row = {"tenant_id": guid(n), "company_name": f"Company {n}", "domain": f"company{n}.onmicrosoft.com",
                       "note": f"CHG-{n}"}
                csv.write(",".join(row.values()) + "\n")
                yaml.write("- " + json.dumps(row) + "\n")

    def peaks(self, count):
        """By command, with that many tenants; nobody answers, so a check ends at once."""
        self.write_lists(count)
        self.ledger.unlink(missing_ok=True)
        self.token_file.write_text(harness.REFRESH_TOKEN)
        self.token_file.chmod(0o600)
        jobs = {}
        for kind in ("csv", "yaml"):
            jobs[kind] = self.folder / f"{kind}.yaml"
            jobs[kind].write_text(json.dumps({
                "name": "memory", "tenants": f"list.{kind}", "ledger": self.ledger.name,
                "partner_center": {"base_url": "http://127.0.0.1:1", "login_url": "http://127.0.0.1:1",
                                   "tenant": harness.PARTNER, "client_id": harness.CLIENT_ID,
                                   "refresh_token": {"file": self.token_file.name}},
                "retry": {"max_attempts": 1}, "report": {"csv": "report.csv"}}))
        found = {f"validate {kind}": self.peak("validate", job=job) for kind, job in jobs.items()}
        job = jobs["csv"]
        for again in ("new", "known"):
            found[f"check {again}"] = self.peak("check", job=job, code=5)
        found["run"] = self.peak("run", job=job, code=5)
        found["status"] = self.peak("status", job=job)
        found["verify"] = self.peak("verify", job=job)
        for view, form in (("tenants", "csv"), ("history", "json"), ("tenants", "html")):
            found[f"report {view} {form}"] = self.peak("report", "--view", view, "--format", form, job=job)
        return found

    def test_a_long_list_takes_little_more_memory_than_a_short_one(self):
        few, many = self.peaks(100), self.peaks(TENANTS)
        for command, peak in many.items():
            self.assertLess(peak - few[command], ALLOWED,
                            f"{command}: {few[command]} KiB with 100 tenants, {peak} KiB with {TENANTS}")


if __name__ == "__main__":
    harness.main()
