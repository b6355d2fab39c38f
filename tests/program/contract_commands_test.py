"""Commands and exit codes."""
import json
import os
import subprocess
import threading
import time

import harness
from harness import Answer, SIGTERM, customer, guid, wait_until

COMMANDS = ("validate", "check", "run", "status", "report", "login", "verify", "invite")
ACTIVE = {"offer_name": "Mail", "status": "active", "id": "sub-active"}
REFUSED = Answer(400, {"code": 2011, "description": "no", "data": [], "source": "PartnerFD"})


class Usage(harness.Case):
    def test_help_of_the_program_names_every_command_on_standard_output(self):
        ended = self.plain("--help")
        self.assertEqual((0, b""), (ended.code, ended.err))
        for command in COMMANDS:
            self.assertIn(f"\n  {command}", ended.text)

    def test_help_of_each_command_goes_to_standard_output(self):
        for command in COMMANDS:
            with self.subTest(command):
                ended = self.plain(command, "--help")
                self.assertEqual((0, b""), (ended.code, ended.err), str(ended))
                self.assertIn("JOB", ended.text)
                self.assertIn(command, ended.text)
        self.assertIn("--view", self.plain("report", "--help").text)
        self.assertIn("--output", self.plain("report", "--help").text)
        self.assertIn("--format", self.plain("status", "--help").text)

    def test_version_goes_to_standard_output(self):
        ended = self.plain("--version")
        self.assertEqual((0, b""), (ended.code, ended.err))
        self.assertRegex(ended.text, r"\d+\.\d+\.\d+")

    def test_wrong_usage_is_2_and_says_why_on_standard_error(self):
        self.job("http://127.0.0.1:9", [1])
        job = self.job_file
        wrong = [[], ["remove", job], [job], ["run", job, "--fast"], ["run", job, job],
                 ["report", job, "--view", "everything"], ["report", job, "--format", "xml"],
                 ["report", job, "--output"], ["status", job, "--format", "csv"], ["status", job, "--view", "runs"],
                 ["run", job, "--output", "x"], ["--fast"], ["run", ""]]
        wrong += [[command] for command in COMMANDS]
        before = sorted(os.listdir(self.folder))
        for arguments in wrong:
            with self.subTest(arguments):
                ended = self.plain(*arguments)
                self.assertEqual((2, b""), (ended.code, ended.out), str(ended))
                self.assertNotEqual(b"", ended.err)
        self.assertEqual(before, sorted(os.listdir(self.folder)))

    def test_a_job_file_that_cannot_be_read_is_2_for_every_command(self):
        (self.folder / "folder.yaml").mkdir()
        for command in COMMANDS:
            for job in ("absent.yaml", "folder.yaml"):
                with self.subTest(command=command, job=job):
                    ended = self.plain(command, job)
                    self.assertEqual((2, b""), (ended.code, ended.out), str(ended))
                    self.assertIn(job, ended.said)


class WithoutLedger(harness.Case):
    def test_status_report_and_verify_end_with_2_and_name_the_command_that_makes_one(self):
        self.job("http://127.0.0.1:9", [1])
        for command in ("status", "report", "verify"):
            with self.subTest(command):
                ended = self.expect(2, command)
                self.assertEqual(b"", ended.out)
                self.assertRegex(ended.said, r"offboard (check|run) ")
                self.assertFalse(self.ledger.exists())

    def test_validate_touches_neither_network_nor_disk(self):
        silent = self.listener()
        self.job(silent.url, [1, 2], report={"csv": "out/report.csv"})
        before = sorted(os.listdir(self.folder))
        self.expect(0, "validate")
        self.assertEqual(before, sorted(os.listdir(self.folder)))
        self.assertEqual(0, silent.connections)


class ExitCodes(harness.Case):
    def test_0_when_every_tenant_is_patched(self):
        sim = self.simulator([customer(1), customer(2)])
        self.job(sim.url, [1, 2])
        self.assertEqual(b"", self.expect(0, "run").out)
        self.assertEqual(["patched", "patched"], self.states())
        self.assertEqual(2, sim.count("removed"))

    def test_0_for_a_check_when_every_tenant_is_ready_or_patched(self):
        sim = self.simulator([customer(1), customer(2)])
        self.job(sim.url, [1, 2], policy={"max_patches": 1})
        self.assertEqual(b"", self.expect(0, "check").out)
        self.assertEqual(["ready", "ready"], self.states())
        self.expect(5, "run")
        self.expect(0, "check")
        self.assertEqual(["patched", "ready"], sorted(self.states()))

    def test_0_without_a_request_when_nothing_is_left_to_do(self):
        sim = self.simulator([customer(1)])
        self.job(sim.url, [1])
        self.expect(0, "run")
        requests = len(sim.log())
        self.expect(0, "run")
        self.expect(0, "check")
        self.assertEqual(requests, len(sim.log()))

    def test_1_when_a_report_cannot_be_written_and_nothing_recorded_is_lost(self):
        sim = self.simulator([customer(1), customer(2, subscriptions=[ACTIVE])])
        (self.folder / "report.csv").mkdir()
        self.job(sim.url, [1, 2], report={"csv": "report.csv"})
        ended = self.expect(1, "run")  # and 1 wins over 3
        self.assertIn("report.csv", ended.said)
        self.job(sim.url, [1, 2])
        self.assertEqual(sim.count("removed"), self.states().count("patched"))
        self.assert_sound()

    def test_1_when_standard_output_is_full(self):
        sim = self.simulator([customer(1)])
        self.job(sim.url, [1])
        self.expect(0, "run")
        with open("/dev/full", "wb") as full:
            for arguments in (["report"], ["report", "--view", "history", "--format", "json"], ["status"], ["verify"]):
                with self.subTest(arguments):
                    ended = subprocess.run([harness.OFFBOARD, arguments[0], self.job_file, *arguments[1:]], stdout=full,
                                           stderr=subprocess.PIPE, timeout=harness.TIMEOUT, check=False,
                                           env=harness.environment(self.folder))
                    self.assertEqual(1, ended.returncode, ended.stderr)

    def test_3_when_a_tenant_is_blocked_in_run_and_in_check(self):
        sim = self.simulator([customer(1), customer(2, subscriptions=[ACTIVE])])
        self.job(sim.url, [1, 2])
        self.expect(3, "check")
        self.expect(3, "run")
        self.assertEqual(["patched", "blocked"], self.states())

    def test_4_when_a_tenant_failed_although_another_is_blocked(self):
        sim = self.simulator([customer(1), customer(2, subscriptions=[ACTIVE])])
        self.job(sim.url, [1, 2, 9])
        self.expect(4, "check")
        self.expect(4, "run")
        self.assertEqual(["patched", "blocked", "failed"], self.states())
        requests = len(sim.of(None, 9))
        self.expect(4, "run")
        self.assertEqual(requests, len(sim.of(None, 9)), "what failed is finished")

    def test_5_when_requests_ran_out_of_attempts_although_others_failed_or_are_blocked(self):
        sim = self.simulator([customer(1), customer(2, subscriptions=[ACTIVE]), customer(3)],
                             faults=[{"match": {"customer": guid(3), "kind": "subscriptions"}, "first": 3,
                                      "fault": "status", "status": 503}])
        self.job(sim.url, [1, 2, 3, 9])
        self.expect(5, "run")
        row = self.tenant(3)
        self.assertEqual(("pending", "503"), (row["state"], row["http_status"]))
        self.assertEqual(3, len(sim.of("subscriptions", 3)), "max_attempts is 3")
        self.assertEqual(["patched", "blocked", "pending", "failed"], self.states())
        self.expect(4, "run")
        self.assertEqual(["patched", "blocked", "patched", "failed"], self.states())

    def test_7_wins_over_5_and_4_and_3(self):
        service = self.service()
        for number in (1, 2, 4):
            service.add(number)
        service.add(3, subscriptions=[{"id": "s", "status": "active"}])
        service.always("customer", Answer(503), number=1)
        # Nobody's token is good any more once the three others have come to their ends.
        service.always("customer", lambda request, honest: [
            wait_until(lambda: len(service.of("customer", 1)) >= 3 and service.of("entitlements", 3) and
                       service.of("customer", 9), "the others are through"), Answer(401)][1], number=4)
        self.job(service.url, [1, 3, 9, 4], report={"csv": "report.csv"})
        ended = self.expect(7, "run")
        self.assertIn("offboard login", ended.said)
        self.assertEqual(["pending", "blocked", "failed", "pending"], self.states())
        with open(self.folder / "report.csv", encoding="utf-8") as report:
            self.assertEqual(5, len(report.readlines()))

    def test_7_when_sign_in_is_refused_names_the_code_and_the_command_that_helps(self):
        sim = self.simulator([customer(1)], sign_in={"refuse": "AADSTS700082"})
        self.job(sim.url, [1])
        for command in ("check", "run", "invite"):
            with self.subTest(command):
                ended = self.expect(7, command)
                self.assertIn("AADSTS700082", ended.said)
                self.assertIn(f"offboard login {self.job_file}", ended.said)
                self.assertEqual(b"", ended.out)
        self.assertEqual(0, len(sim.of(None, 1)))

    def test_check_sends_no_patch_whatever_it_finds(self):
        sim = self.simulator([customer(1), customer(2), customer(3, relationship="none"),
                              customer(4, subscriptions=[ACTIVE])])
        self.job(sim.url, [1, 2, 3, 4, 9])
        self.expect(4, "check")
        self.expect(4, "check")
        self.assertEqual(["ready", "ready", "patched", "blocked", "failed"], self.states())
        self.assertEqual([], sim.of("patch"))
        self.assertEqual({"GET", "POST"}, {entry["method"] for entry in sim.log()})

    def test_check_reads_an_open_patch_back_and_does_not_repeat_it(self):
        service = self.service()
        service.add(1)
        service.always("patch", Answer(503))
        self.job(service.url, [1])
        self.expect(5, "run")
        self.assertEqual("patching", self.tenant(1)["state"])
        patches = len(service.of("patch"))
        self.expect(5, "check")
        self.assertEqual("patching", self.tenant(1)["state"])
        self.assertEqual(patches, len(service.of("patch")))
        service.removed.add(guid(1))
        self.expect(0, "check")
        self.assertEqual("patched", self.tenant(1)["state"])
        self.assertEqual(patches, len(service.of("patch")))


class ReportsOfARun(harness.Case):
    def rows(self):
        path = self.folder / "deep" / "er" / "report.csv"
        self.assertTrue(path.exists(), "the report was written, and its folder made")
        lines = path.read_text(encoding="utf-8").splitlines()
        path.unlink()
        self.assertEqual(",".join(harness.TENANT_COLUMNS), lines[0])
        return lines[1:]

    def test_reports_are_written_whichever_way_a_run_ends(self):
        sim = self.simulator([customer(1), customer(2, subscriptions=[ACTIVE]), customer(3), customer(4)])

        def ends_with(code, command, tenants, **changes):
            with self.subTest(f"{command} ending with {code}"):
                self.job(sim.url, tenants, report={"csv": "deep/er/report.csv"}, **changes)
                self.expect(code, command)
                self.assertEqual([guid(number) for number in tenants], [row.split(",")[0] for row in self.rows()])
        ends_with(0, "run", [1])
        ends_with(3, "run", [1, 2])
        ends_with(3, "check", [1, 2])
        ends_with(4, "run", [1, 2, 9])
        ends_with(5, "run", [1, 2, 9, 3, 4], policy={"max_patches": 1})
        ends_with(7, "run", [1, 2, 9, 3, 4],
                  partner_center={"client_secret": {"env": "OFFBOARD_NOT_THERE"}})

    def test_a_report_is_written_when_a_signal_ends_the_run(self):
        service = self.service()
        service.add(1)
        hold = threading.Event()
        self.addCleanup(hold.set)
        service.always("customer", Answer(503, until=hold))
        self.job(service.url, [1], report={"csv": "deep/er/report.csv"})
        going = self.start("run")
        wait_until(lambda: service.of("customer"), "the run asks")
        going.send(SIGTERM)
        self.assertEqual(5, going.wait().code)
        self.assertEqual([guid(1)], [row.split(",")[0] for row in self.rows()])


class WhileARunGoesOn(harness.Case):
    def held(self, command):
        """A run that waits for the service, and what lets it go on."""
        service = self.service()
        service.add(1)
        service.add(2, subscriptions=[{"id": "s", "status": "active"}])
        hold = threading.Event()
        self.addCleanup(hold.set)
        service.next("customer", lambda request, honest: [hold.wait(harness.TIMEOUT), honest()][1], number=1)
        self.job(service.url, [1, 2])
        going = self.start(command)
        wait_until(lambda: service.of("customer", 1) and service.of("entitlements", 2), "the run waits")
        return service, going, hold

    def test_another_run_or_check_ends_with_6_and_does_nothing(self):
        for first in ("run", "check"):
            with self.subTest(first):
                self.ledger.unlink(missing_ok=True)
                service, going, hold = self.held(first)
                before = len(service.requests)
                for second in ("run", "check"):
                    ended = self.expect(6, second)
                    self.assertEqual(b"", ended.out)
                    self.assertNotEqual(b"", ended.err)
                self.assertEqual(before, len(service.requests))
                self.assertEqual(1, len(self.report("runs")))
                hold.set()
                self.assertEqual(3, going.wait().code)

    def test_the_commands_that_look_work_and_are_consistent(self):
        service, going, hold = self.held("run")
        wait_until(lambda: "blocked" in self.states(), "the blocked tenant is on record")
        self.assertEqual(["pending", "blocked"], self.states())
        self.assertIn("pending", self.expect(0, "status").text)
        status = json.loads(self.expect(0, "status", "--format", "json").text)
        self.assertEqual((1, 1), (status["states"]["pending"], status["states"]["blocked"]))
        self.assert_sound()
        run, = self.report("runs")
        self.assertEqual(("", "", ""), (run["ended_at"], run["outcome"], run["exit_code"]))
        self.expect(0, "validate")
        self.assertTrue(going.is_going())
        hold.set()
        self.assertEqual(3, going.wait().code)
        self.assertEqual(["patched", "blocked"], self.states())
        run, = self.report("runs")
        self.assertEqual("3", run["exit_code"])

    def test_a_second_spelling_of_the_ledgers_path_is_the_same_ledger(self):
        service, going, hold = self.held("run")
        (self.folder / "link.db").symlink_to("job.db")
        for spelling in ("./job.db", "link.db"):
            self.job(service.url, ledger=spelling)
            self.expect(6, "run")
        hold.set()
        self.assertEqual(3, going.wait().code)


class Looking(harness.Case):
    def setUp(self):
        super().setUp()
        self.sim = self.simulator([customer(1), customer(2, subscriptions=[ACTIVE]), customer(3)])
        self.job(self.sim.url, [1, 2, 3, 9], policy={"max_patches": 1})
        self.expect(5, "run")
        self.requests = len(self.sim.log())

    def tearDown(self):
        self.assertEqual(self.requests, len(self.sim.log()), "the commands that look ask nobody")

    def test_status_counts_by_state_and_says_what_is_next(self):
        ended = self.expect(0, "status")
        self.assertEqual(b"", ended.err)
        for state in ("patched", "blocked", "ready", "failed"):
            self.assertRegex(ended.text, rf"{state}\s+1\b")
        run, = self.report("runs")
        self.assertIn(run["started_at"], ended.text)
        self.assertIn("offboard run", ended.text)

    def test_status_as_json_is_json_and_nothing_else(self):
        ended = self.expect(0, "status", "--format", "json")
        self.assertEqual(b"", ended.err)
        status = json.loads(ended.text)
        states = {state: count for state, count in status["states"].items() if count}
        self.assertEqual({"patched": 1, "blocked": 1, "ready": 1, "failed": 1}, states)
        self.assertEqual(5, status["runs"][0]["exit_code"])
        self.assertTrue(status["next"])

    def test_status_tells_how_old_the_refresh_token_is_and_warns_from_day_75(self):
        day = 24 * 3600
        for days, warned in ((0, False), (74, False), (74.99, False), (75, True), (89.9, True), (90, True), (200, True), (-3, False)):
            with self.subTest(days):
                written = time.time() - days * day
                os.utime(self.token_file, (written, written))
                text, as_json = self.expect(0, "status"), self.expect(0, "status", "--format", "json")
                self.assertIn(f"renewed {max(0, int(days))} days ago", text.text)
                token = json.loads(as_json.text)["refresh_token"]
                self.assertEqual((max(0, int(days)), warned), (token["age_days"], token["is_old"]))
                for ended in (text, as_json):
                    self.assertEqual(warned, f"offboard login {self.job_file}" in ended.said, ended)
                    self.assertEqual(days >= 90, "it is dead" in ended.said, ended)

    def test_status_says_why_there_is_no_refresh_token(self):
        def folder():
            self.token_file.unlink()
            self.token_file.mkdir()
        for name, make, why in (("empty", lambda: self.token_file.write_text(""), "is empty"),
                                ("two lines", lambda: self.token_file.write_text("a\nb"), "more than one line"),
                                ("a folder", folder, "not a regular file"),
                                ("missing", self.token_file.rmdir, "No such file")):
            with self.subTest(name):
                make()
                said = self.expect(0, "status").text
                self.assertIn("no refresh token yet", said)
                self.assertIn(why, said)
                self.assertIn(f"offboard login {self.job_file}", said)
                self.assertIsNone(json.loads(self.expect(0, "status", "--format", "json").text)["refresh_token"])

    def test_report_is_by_default_csv_of_tenants_on_standard_output(self):
        ended = self.expect(0, "report")
        self.assertEqual(b"", ended.err)
        self.assertEqual(ended.out, self.expect(0, "report", "--view", "tenants", "--format", "csv").out)
        self.assertTrue(ended.text.startswith(",".join(harness.TENANT_COLUMNS) + "\r\n"))

    def test_verify_says_so_when_all_is_well(self):
        ended = self.expect(0, "verify")
        self.assertEqual(b"", ended.err)


class SignIn(harness.Case):
    def test_invite_prints_the_link_alone_on_standard_output(self):
        sim = self.simulator([customer(1)])
        self.job(sim.url, [1])
        ended = self.expect(0, "invite")
        self.assertRegex(ended.text, r"\Ahttps://[^\s]+invType=ResellerRelationship[^\s]*\n\Z")
        self.assertEqual(["token", "relationshiprequests"], [entry["kind"] for entry in sim.log()])
        self.assertFalse(self.ledger.exists())

    def test_login_shows_the_code_on_standard_error_and_stores_a_token_that_works(self):
        sim = self.simulator([customer(1)], sign_in={"refuse": "700082"})
        self.job(sim.url, [1])
        self.expect(7, "run")
        self.token_file.unlink()
        ended = self.expect(0, "login")
        self.assertEqual(b"", ended.out)
        self.assertIn("SIMU-LATE", ended.said)
        self.assertIn("https://microsoft.com/devicelogin", ended.said)
        self.assertEqual(0o600, self.token_file.stat().st_mode & 0o777)
        self.assertNotIn(self.token_file.read_text().strip(), ended.said)
        self.expect(0, "run")

    def test_login_that_is_declined_or_runs_out_is_7_and_keeps_the_old_token(self):
        for outcome, code in (("declined", "AADSTS65004"), ("expired", "AADSTS70020")):
            with self.subTest(outcome):
                sim = self.simulator([customer(1)], sign_in={"device_code_outcome": outcome})
                self.job(sim.url, [1])
                ended = self.expect(7, "login")
                self.assertIn(code, ended.said)
                self.assertEqual(harness.REFRESH_TOKEN, self.token_file.read_text())
                sim.stop()


class PathsOfAJob(harness.Case):
    def test_paths_are_relative_to_the_job_file_and_missing_folders_are_made(self):
        sim = self.simulator([customer(1)])
        here = self.folder / "jobs"
        (here / "in").mkdir(parents=True)
        self.job(sim.url, [1], tenants="../lists/tenants.csv", ledger="../var/a/b/nightly.db",
                 partner_center={"refresh_token": {"file": "in/refresh"}}, report={"json": "../var/c/report.json"})
        (self.folder / "lists").mkdir()
        self.list_file.rename(self.folder / "lists" / "tenants.csv")
        self.token_file.rename(here / "in" / "refresh")
        moved = self.job_file.rename(here / "nightly.yaml")
        self.expect(0, "run", job=moved)
        self.assertTrue((self.folder / "var/a/b/nightly.db").exists())
        self.assertEqual("patched", json.loads((self.folder / "var/c/report.json").read_text())[0]["state"])
        # A relative path to the job from another folder means the same.
        self.assertIn("patched", self.expect(0, "report", job="jobs/nightly.yaml").text)

    def test_the_ledger_is_by_default_the_job_files_own_name_with_db(self):
        sim = self.simulator([customer(1)])
        self.job(sim.url, [1], ledger=None)
        named = self.job_file.rename(self.folder / "march.removals.yaml")
        self.expect(0, "run", job=named)
        self.assertTrue((self.folder / "march.removals.db").exists())


if __name__ == "__main__":
    harness.main()
