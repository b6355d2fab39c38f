"""The machine fails the program: a full disk, a read-only folder, a ledger that somebody else keeps locked, a damaged page.

Exit 1 with what happened and what to do; no PATCH whose intent is not on record; and once the trouble is over, running the job
again finishes it. The disks are small file systems in memory in a namespace of the test's own; where the system does not
allow that, those cases are skipped. That every single call of the disk may fail is tested in tests/simulation.
"""
import os
import shlex
import shutil
import sqlite3
import subprocess
import unittest

import harness
from harness import OFFBOARD, customer, environment

OWN_DISKS = subprocess.run(["unshare", "-rm", "sh", "-c", "mount -t tmpfs tmpfs /mnt"], check=False,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
SANITIZED = os.environ.get("OFFBOARD_SANITIZED") == "1"
TENANTS = 40


class Case(harness.Case):
    def setUp(self):
        super().setUp()
        self.disk = self.folder / "disk"
        self.kept = self.folder / "kept"
        self.disk.mkdir()

    def prepare(self, tenants=TENANTS, **changes):
        self.token_file.unlink(missing_ok=True)
        self.sim = self.simulator([customer(n) for n in range(1, tenants + 1)])
        self.job(self.sim.url, list(range(1, tenants + 1)), ledger="disk/job.db", workers=4, **changes)

    def script(self, *lines):
        """Runs these lines of shell in a namespace of its own, with `run N` for the N-th run of the job; what stood on the
        disk at the end is then found in `kept`."""
        shutil.rmtree(self.kept, ignore_errors=True)
        run = f"run() {{ code=0; {shlex.quote(str(OFFBOARD))} run job.yaml >out$1 2>err$1 || code=$?; echo $code >code$1; }}"
        text = "\n".join(["set -e", run, *lines, "cp -a disk kept"])
        subprocess.run(["unshare", "-rm", "sh", "-c", text], cwd=self.folder, check=True, timeout=harness.TIMEOUT,
                       env=environment(self.folder, PATH=os.environ["PATH"]))

    def code(self, run):
        return int((self.folder / f"code{run}").read_text())

    def said(self, run):
        return (self.folder / f"err{run}").read_text()

    def rows(self, sql):
        connection = sqlite3.connect(self.kept / "job.db")
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def assert_all_is_well(self):
        self.assertEqual([("patched", TENANTS)], self.rows("select state, count(*) from tenant group by state"))
        self.assertEqual(TENANTS, self.sim.count("removed"))
        self.assertEqual(0, self.sim.count("second_removal_attempt"))
        on_record = {row[0] for row in self.rows("select request_id from history where to_state = 'patching'")}
        self.assertEqual(set(), {entry["request_id"] for entry in self.sim.of("patch")} - on_record)


@unittest.skipUnless(OWN_DISKS, "no file systems of one's own here")
class SmallDisks(Case):
    def test_a_disk_that_fills_up_ends_the_run_with_1_and_room_on_it_finishes_the_job(self):
        full = patched_meanwhile = 0
        for size in ("64k", "150k", "300k", "700k", "1200k", "1800k"):
            with self.subTest(size):
                self.prepare()
                self.script(f"mount -t tmpfs -o size={size} tmpfs disk", "run 1",
                            "mount -o remount,size=64m disk", "run 2")
                if self.code(1) == 1:
                    full += 1
                    self.assertRegex(self.said(1), "Make room on the disk|No space left|disk I/O error|full")
                    patched_meanwhile += self.sim.of("patch") != []
                else:
                    self.assertEqual(0, self.code(1))
                self.assertEqual(0, self.code(2), self.said(2))
                self.assert_all_is_well()
                self.sim.stop()
        self.assertGreaterEqual(full, 3)
        self.assertGreaterEqual(patched_meanwhile, 1, "one of them filled up while removals were going on")

    def test_a_read_only_folder_is_1_before_anything_is_sent(self):
        self.prepare()
        self.script("mount -t tmpfs -o ro tmpfs disk", "run 1", "mount -o remount,rw disk", "run 2")
        self.assertEqual(1, self.code(1))
        self.assertIn("Read-only file system", self.said(1))
        self.assertIn("job.db", self.said(1))
        self.assertEqual(0, self.code(2), self.said(2))
        self.assert_all_is_well()
        first_run, = self.rows("select number, outcome from run")
        self.assertEqual((1, "completed"), first_run, "the run that could do nothing is not on record")

    def test_a_ledger_that_has_become_read_only_is_1_before_anything_is_sent(self):
        self.prepare(policy={"max_patches": 3})
        self.script("mount -t tmpfs tmpfs disk", "run 1", "mount -o remount,ro disk", "run 2", "mount -o remount,rw disk")
        self.assertEqual((5, 1), (self.code(1), self.code(2)))
        self.assertIn("job.db", self.said(2))
        self.assertEqual(3, len(self.sim.of("patch")))


class LockedOrDamaged(Case):
    def test_a_ledger_that_another_program_keeps_locked_is_1_and_nothing_is_sent(self):
        self.prepare(tenants=3, policy={"max_patches": 1})
        self.expect(5, "run")
        before = len(self.sim.log())
        other = sqlite3.connect(self.disk / "job.db", isolation_level=None)
        other.execute("begin immediate")
        ended = self.expect(1, "run")
        self.assertIn("Another program has it open", ended.said)
        self.assertEqual(before, len(self.sim.log()))
        other.execute("rollback")
        other.close()
        self.expect(5, "run")
        self.assertEqual(2, self.sim.count("removed"))

    def test_a_ledger_that_is_damaged_is_1_and_a_backup_of_it_finishes_the_job(self):
        self.prepare(tenants=3, policy={"max_patches": 1})
        self.expect(5, "run")
        ledger = self.disk / "job.db"
        whole = ledger.read_bytes()
        noticed = 0
        for page in range(len(whole) // 4096):
            with self.subTest(page):
                self.put(ledger, whole[:page * 4096] + b"\xa5" * 4096 + whole[(page + 1) * 4096:])
                ended = self.offboard("run")
                if ended.code == 1:
                    noticed += 1
                    self.assertRegex(ended.said, "backup|is not a ledger|restore")
        self.assertGreater(noticed, 4)
        self.put(ledger, whole)
        self.assertIn(self.offboard("run").code, (0, 5))
        self.expect(0, "run")
        self.assertEqual(3, self.sim.count("removed"))
        self.assertEqual(0, self.sim.count("second_removal_attempt"))

    @staticmethod
    def put(ledger, content):
        for end in ("-wal", "-shm"):
            ledger.with_name(ledger.name + end).unlink(missing_ok=True)
        ledger.write_bytes(content)


@unittest.skipIf(SANITIZED, "a sanitizer wants to be loaded first")
@unittest.skipUnless(shutil.which("cc"), "no compiler here")
class LoadedFirst(harness.Case):
    def test_a_library_that_has_used_openssl_before_the_program_began_does_no_harm(self):
        library = self.folder / "early.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-x", "c", "-", "-o", library], check=True, text=True, input="""
            void* CRYPTO_malloc(unsigned long, const char*, int);
            void* kept;
            __attribute__((constructor)) void use(void) { kept = CRYPTO_malloc(8, "", 0); }""")
        self.job("http://127.0.0.1:9", [1])
        self.expect(0, "validate", variables={"LD_PRELOAD": str(library)})


if __name__ == "__main__":
    harness.main()
