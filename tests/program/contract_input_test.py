"""The job file and the tenant list: what is taken, and how a mistake is told."""
import os
import re
import resource

import harness
from harness import customer, guid

G1, G2, G3 = guid(1), guid(2), guid(3)
SECRET = "hunter2-literal-secret-9f3c"

JOB = """\
name: test
tenants: tenants.csv
ledger: job.db
partner_center:
  base_url: {url}
  login_url: {url}
  tenant: contoso.onmicrosoft.com
  client_id: 11111111-1111-1111-1111-111111111111
  client_secret: {{env: OFFBOARD_CLIENT_SECRET}}
  refresh_token: {{file: refresh-token}}
"""


class Input(harness.Case):
    def setUp(self):
        super().setUp()
        self.silent = self.listener()
        self.base = JOB.format(url=self.silent.url)
        self.write_job(self.base)
        self.write_list(f"tenant_id\n{G1}\n")
        self.token_file.write_text(harness.REFRESH_TOKEN)

    def write_job(self, text):
        self.job_file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))

    def write_list(self, text, name="tenants.csv"):
        (self.folder / name).write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))

    def locations(self, ended):
        """(file name, line, column, message) of every line that begins with FILE:LINE:COLUMN."""
        found = []
        for line in ended.said.splitlines():
            match = re.match(r"(\S*?)([^/\s:]+):(\d+):(\d+): (.+)$", line)
            if match:
                found.append((match[2], int(match[3]), int(match[4]), match[5]))
        return found

    def refused(self, places=None, file="job.yaml"):
        """`validate` and `run` end with 2, tell the same places, and have done nothing. A place is a line, or
        (line, text): the column is where that text begins in that line, in characters. None: at least one place."""
        before = sorted(os.listdir(self.folder))
        ended = self.offboard("run")
        self.assertEqual((2, b""), (ended.code, ended.out), str(ended))
        self.assertEqual(before, sorted(os.listdir(self.folder)), "nothing was made")
        self.assertEqual(0, self.silent.connections, "nobody was asked")
        found = self.locations(ended)
        self.assertTrue(found, f"no FILE:LINE:COLUMN at a line's start: {ended}")
        self.assertEqual(found, self.locations(self.expect(2, "validate")))
        for where, line, column, _ in found:
            self.assertEqual(file, where, str(ended))
            self.assertGreaterEqual(line, 1)
            self.assertGreaterEqual(column, 1)
        if places is not None:
            lines = re.split(r"\r\n|\r|\n", (self.folder / file).read_bytes().decode("utf-8-sig", "replace"))
            wanted, seen = [], []
            for place, (_, line, column, _) in zip(places, found):
                number, text = place if isinstance(place, tuple) else (place, None)
                wanted.append((number, text and lines[number - 1].index(text) + 1))
                seen.append((line, text and column))
            self.assertEqual(wanted, seen, str(ended))
            self.assertEqual(len(places), len(found), str(ended))
        return ended

    def taken(self, warnings=False):
        ended = self.expect(0, "validate")
        if not warnings:
            self.assertEqual(b"", ended.err, str(ended))
        return ended


class JobFile(Input):
    def test_an_unknown_key_is_told_with_its_place(self):
        self.write_job(self.base + "colour: blue\npolicy:\n  fast: true\n")
        ended = self.refused([(11, "colour"), (13, "fast")])
        self.assertIn("colour", ended.said)
        self.assertIn("fast", ended.said)
        for section in ("policy", "retry", "report", "partner_center"):
            with self.subTest(section):
                text = self.base if section == "partner_center" else self.base + f"{section}:\n"
                self.write_job(text + "  surprise: 1\n")
                self.refused([(text.count("\n") + 1, "surprise")])

    def test_keys_are_compared_as_they_are_written(self):
        self.write_job(self.base.replace("name:", "Name:"))
        self.assertIn("Name", self.refused().said)

    def test_a_doubled_key_is_told_at_its_second_place(self):
        self.write_job(self.base + "name: again\n")
        self.refused([(11, "name")])
        self.write_job(self.base + "  tenant: again.example\n")
        self.refused([(11, "tenant")])

    def test_a_wrong_type_is_told_with_its_line(self):
        for line in ("workers: many", "workers: [1]", "workers: 1.5", "workers: {a: 1}", "workers: ", "policy: 3",
                     "policy: [a]", "retry: 1s", "report: report.csv", "report: {csv: [a]}", "report: {csv: {a: b}}",
                     "policy: {retry_failed: maybe}", "policy: {retry_failed: [true]}", "policy: {max_patches: some}",
                     "policy: {max_patches: -1}", "policy: {max_patches: 1.5}", "policy: {software: 3}",
                     "retry: {max_attempts: lots}", "retry: {max_wait: [1s]}"):
            with self.subTest(line):
                self.write_job(self.base + line + "\n")
                self.refused([11])
        for key, value in (("name: test", "name: [test]"), ("name: test", "name: {a: b}"), ("name: test", "name:"),
                           ("tenants: tenants.csv", "tenants: [tenants.csv]"), ("ledger: job.db", "ledger: {file: job.db}"),
                           ("tenant: contoso.onmicrosoft.com", "tenant: [contoso.onmicrosoft.com]"),
                           ("client_id: 11111111-1111-1111-1111-111111111111", "client_id: {a: b}")):
            with self.subTest(value):
                text = self.base.replace(key, value)
                self.write_job(text)
                self.refused([text[:text.index(value)].count("\n") + 1])

    def test_a_job_that_is_no_map_is_refused(self):
        for text in ("", "\n\n", "# nothing\n", "- name\n", "test\n", "3\n", "~\n", "[]\n"):
            with self.subTest(text):
                self.write_job(text)
                self.refused()

    def test_every_required_key_is_missed_by_name(self):
        for key in ("name", "tenants", "tenant", "client_id", "refresh_token"):
            with self.subTest(key):
                self.write_job("".join(line for line in self.base.splitlines(True)
                                       if not line.strip().startswith(key + ":")))
                ended = self.refused()
                self.assertEqual(1, len(self.locations(ended)), str(ended))
                self.assertIn(key, ended.said)
        self.write_job("name: test\ntenants: tenants.csv\n")
        self.assertIn("partner_center", self.refused().said)

    def test_all_problems_are_told_at_once(self):
        self.write_job("colour: blue\n" + self.base.replace("name: test\n", "") +
                       "workers: 0\npolicy:\n  recheck_after: 0s\n  software: perhaps\nretry: {max_wait: soon}\n")
        ended = self.refused()
        lines = [line for _, line, _, _ in self.locations(ended)]
        self.assertEqual(6, len(lines), str(ended))
        for line in (1, 11, 13, 14, 15):
            self.assertIn(line, lines, str(ended))
        self.assertIn("name", ended.said)

    def test_problems_of_the_job_and_of_the_list_are_told_together(self):
        self.write_job(self.base + "colour: blue\n")
        self.write_list("tenant_id\nnot-a-guid\n")
        ended = self.expect(2, "validate")
        self.assertEqual([("job.yaml", 11), ("tenants.csv", 2)], [found[:2] for found in self.locations(ended)],
                         str(ended))

    def test_columns_are_counted_in_characters(self):
        self.write_job(self.base.replace("name: test", 'name: "ßäö→😀"') + 'policy: {"software": block, "größe→": 1}\n')
        self.refused([(11, '"größe→"')])

    def test_durations_are_a_whole_number_and_a_unit(self):
        keys = [("policy", "recheck_after"), ("policy", "deadline"), ("retry", "max_wait"), ("retry", "timeout"),
                ("retry", "connect_timeout")]
        for section, key in keys:
            for value in ("0s", "0ms", "10", "1.5h", "-1s", "5 minutes", "5min", "m", "5M", "99999999999999999999s",
                          "1h30m", "''", "1e3s", "+5s", "０s"):
                with self.subTest(key=key, value=value):
                    self.write_job(self.base + f"{section}:\n  {key}: {value}\n")
                    self.refused([12])
        for unit in ("ms", "s", "m", "h", "d"):
            with self.subTest(unit):
                self.write_job(self.base + f"policy: {{recheck_after: 7{unit}, deadline: 7{unit}}}\n"
                               f"retry: {{max_wait: 7{unit}, timeout: 7{unit}, connect_timeout: 7{unit}}}\n")
                self.taken()

    def test_numbers_and_words_outside_their_range_are_refused(self):
        for line in ("workers: 0", "workers: 257", "workers: -1", "workers: 99999999999999999999",
                     "retry: {max_attempts: 0}", "policy: {software: allow}"):
            with self.subTest(line):
                self.write_job(self.base + line + "\n")
                self.refused([11])
        for line in ("workers: 1", "workers: 256", "policy: {software: ignore}", "policy: {software: block}"):
            with self.subTest(line):
                self.write_job(self.base + line + "\n")
                self.taken()

    def test_clouds_are_known_by_name(self):
        bare = "".join(line for line in self.base.splitlines(True) if "_url" not in line)
        for cloud in ("global", "us-government", "china"):
            self.write_job(bare + f"  cloud: {cloud}\n")
            self.taken()
        self.write_job(bare)
        self.taken()
        self.write_job(bare + "  cloud: mars\n")
        self.refused([9])

    def test_plain_http_is_for_loopback_alone(self):
        for url in ("http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1", "http://127.1.2.3:1",
                    "https://partner.example", "https://partner.example:8443"):
            for key in ("base_url", "login_url"):
                with self.subTest(key=key, url=url):
                    self.write_job(self.base.replace(f"{key}: {self.silent.url}", f"{key}: '{url}'"))
                    self.taken()
        for url in ("http://partner.example", "http://127.0.0.1.partner.example", "http://localhost.partner.example",
                    "http://127.0.0.1@partner.example", "http://partner.example/127.0.0.1", "http://0.0.0.0:1",
                    "http://10.0.0.1", "http://[::2]:1", "ftp://127.0.0.1", "HTTP://partner.example",
                    "file:///etc/passwd", "partner.example", "https://", "http:///x", "''", "https://a b"):
            for key in ("base_url", "login_url"):
                with self.subTest(key=key, url=url):
                    line = 5 if key == "base_url" else 6
                    self.write_job(self.base.replace(f"{key}: {self.silent.url}", f"{key}: {url}"))
                    self.refused([line])

    def test_a_secret_in_the_job_file_is_refused_and_not_repeated(self):
        secret = "client_secret: {env: OFFBOARD_CLIENT_SECRET}"
        refresh = "refresh_token: {file: refresh-token}"
        for old, new in ((secret, f"client_secret: {SECRET}"), (secret, f"client_secret: '{SECRET}'"),
                         (secret, f"client_secret: [{SECRET}]"), (secret, f"client_secret: {{value: {SECRET}}}"),
                         (secret, f"client_secret: {{env: [{SECRET}]}}"), (secret, f"client_secret: &a {SECRET}"),
                         (secret, f"client_secret: !x {SECRET}"), (secret, f"client_secrets: {SECRET}"),
                         (secret, f"password: {SECRET}"), (secret, f'client_secret: "{SECRET}'),
                         (secret, f"client_secret: {{{SECRET}}}"), (secret, f"client_secret: {{{SECRET}: x}}"),
                         (secret, f"client_secret: |\n    {SECRET}"), (secret, f"client_secret: @{SECRET}"),
                         (secret, f"client_secret:{SECRET}"), (secret, f"{SECRET}"),
                         (secret, f"client_secret: {{env: A, file: {SECRET}, command: [x]}}"),
                         (refresh, f"refresh_token: {SECRET}"), (refresh, f"refresh_token: [{SECRET}]"),
                         (refresh, f"refresh_token: {{value: {SECRET}}}"), (refresh, f"refresh_token: {{env: {SECRET}}}"),
                         (refresh, f"refresh_token: {{command: [{SECRET}]}}")):
            with self.subTest(new):
                self.write_job(self.base.replace(old, new))
                ended = self.refused()
                self.assertNotIn(SECRET, ended.said)

    def test_a_secret_has_one_source(self):
        for source in ("{env: A, file: b}", "{}", "{env: }", "{file: [a]}", "{command: echo}", "{command: []}",
                       "{env: A, extra: b}", "~"):
            with self.subTest(source):
                self.write_job(self.base.replace("{env: OFFBOARD_CLIENT_SECRET}", source))
                self.refused([9])
        for source in ("{env: A}", "{file: secret.txt}", "{command: [echo, secret]}"):
            with self.subTest(source):
                self.write_job(self.base.replace("{env: OFFBOARD_CLIENT_SECRET}", source))
                self.taken()
        self.write_job("".join(line for line in self.base.splitlines(True) if "client_secret" not in line))
        self.taken()

    def test_a_refresh_token_is_always_a_file(self):
        for source in ("{env: A}", "{command: [echo, a]}", "{file: a, env: A}", "{}"):
            with self.subTest(source):
                self.write_job(self.base.replace("{file: refresh-token}", source))
                self.refused([10])

    def test_broken_yaml_is_told_with_its_place(self):
        for text, line in (("policy: [1, 2\n", None), ("policy: {a: b\n", None), ("name: 'open\n", None),
                           ("\tname: x\n", 11), ("a: b: c\n", 11), ("policy: *nowhere\n", 11), ("]\n", 11),
                           ("---\nname: second\n", None)):
            with self.subTest(text):
                self.write_job(self.base + text)
                self.refused(line and [line])

    def test_bytes_that_are_no_text_are_refused(self):
        for data in (b"colour: \xff\xfe\n", b"colour: \xc3\n", b"colour: a\0b\n", b"colour: \xed\xa0\x80\n"):
            with self.subTest(data):
                self.write_job(self.base.encode() + data)
                self.assertEqual(11, self.locations(self.refused())[0][1])
        self.write_job(self.base.encode("utf-16"))
        self.refused()

    def test_a_byte_order_mark_and_windows_line_ends_are_taken(self):
        self.write_job(b"\xef\xbb\xbf" + self.base.replace("\n", "\r\n").encode())
        self.taken()

    def test_bombs_are_refused_in_less_than_a_second(self):
        bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
            f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 12))
        for name, text in (("aliases", bomb + self.base), ("aliases in a key", self.base + bomb + "workers: *a11\n"),
                           ("brackets", self.base + "policy: " + "[" * 20000 + "\n"),
                           ("closed brackets", self.base + "policy: " + "[" * 20000 + "]" * 20000 + "\n"),
                           ("braces", self.base + "policy: " + "{a: " * 20000 + "\n"),
                           ("dashes", self.base + "policy:\n  " + "- " * 20000 + "\n"),
                           ("brackets alone", "[" * 20000)):
            with self.subTest(name):
                self.write_job(text)
                self.refused_quickly()

    def test_bombs_in_a_yaml_list_are_refused_in_less_than_a_second(self):
        self.write_job(self.base.replace("tenants.csv", "tenants.yaml"))
        bomb = "- &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
            f"- &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 12))
        for name, text in (("aliases", bomb), ("brackets", "- " + "[" * 20000), ("braces", "{a: " * 20000),
                           ("dashes", "- " * 20000)):
            with self.subTest(name):
                self.write_list(text, "tenants.yaml")
                self.refused_quickly()

    def refused_quickly(self):
        # Processor time rather than the clock's: other tests run beside this one.
        def used():
            usage = resource.getrusage(resource.RUSAGE_CHILDREN)
            return usage.ru_utime + usage.ru_stime
        before = used()
        ended = self.expect(2, "validate")
        self.assertLess(used() - before, 1.0)
        self.assertTrue(self.locations(ended), str(ended))
        self.assertLess(len(ended.err), 20000, "the answer to a bomb is no bomb")


class TenantListAsCsv(Input):
    def taken_rows(self, text, rows, warnings=False):
        """The list is taken, and the report has these (tenant_id, company_name, domain, note)."""
        self.write_list(text)
        ended = self.taken(warnings)
        sim = self.simulator([])
        self.token_file.write_text(harness.REFRESH_TOKEN)
        self.write_job(JOB.format(url=sim.url))
        self.ledger.unlink(missing_ok=True)
        self.expect(4, "check")
        sim.stop()
        self.assertEqual(rows, [(row["tenant_id"], row["company_name"], row["domain"], row["note"])
                                for row in self.report()])
        self.write_job(self.base)
        self.ledger.unlink()
        for name in ("job.db.lock", "job.db-wal", "job.db-shm"):
            (self.folder / name).unlink(missing_ok=True)
        return ended

    def refused_list(self, text, places=None):
        self.write_list(text)
        return self.refused(places, "tenants.csv")

    def test_every_line_ending_and_a_byte_order_mark_are_taken(self):
        for end in ("\n", "\r\n", "\r"):
            for mark in ("", "\ufeff"):
                for last in (end, ""):
                    with self.subTest(end=end, mark=mark, last=last):
                        self.taken_rows(f"{mark}tenant_id,note{end}{G1},a{end}{G2},b{last}",
                                        [(G1, "", "", "a"), (G2, "", "", "b")])

    def test_quoting_is_that_of_rfc_4180(self):
        self.taken_rows(f'"tenant_id","company_name",note\r\n{G1},"Fabrikam, ""the"" Inc.","two\nlines"\r\n'
                        f'"{G2}","",""\r\n',
                        [(G1, 'Fabrikam, "the" Inc.', "", "two\nlines"), (G2, "", "", "")])

    def test_guids_are_taken_in_any_case_and_in_braces(self):
        upper = "ABCDEF01-2345-4678-9ABC-DEF012345678"
        self.taken_rows(f"tenant_id\n{{{upper}}}\n{G1.upper()}\n", [(upper.lower(), "", "", ""), (G1, "", "", "")])

    def test_header_spellings_are_compared_without_case_spaces_hyphens_and_underscores(self):
        for ids in ("tenant_id", "Microsoft ID", "customer-tenant-id", "CustomerTenantId", "Customer ID", "TENANT ID",
                    "microsoft-id", "CUSTOMER_ID"):
            with self.subTest(ids):
                self.write_list(f"{ids}\n{G1}\n")
                self.taken()
        for name, domain, note in (("company_name", "domain", "note"), ("Company name", "Primary domain name", "ticket"),
                                   ("COMPANY-NAME", "primary_domain_name", "Ticket"), ("companyname", "Domain", "NOTE")):
            with self.subTest(name):
                self.taken_rows(f"{note},{domain},{name},tenant_id\nn,d.example,c,{G1}\n", [(G1, "c", "d.example", "n")])

    def test_other_columns_are_ignored_and_named_once(self):
        ended = self.taken_rows(f"colour,tenant_id,Shape\nblue,{G1},round\nred,{G2},flat\n",
                                [(G1, "", "", ""), (G2, "", "", "")], warnings=True)
        self.assertEqual((1, 1), (ended.said.count("colour"), ended.said.count("Shape")), ended.said)

    def test_blank_lines_are_skipped_and_counted(self):
        self.taken_rows(f"\n\ntenant_id,note\n\n{G1},a\n\n\n{G2},b\n\n", [(G1, "", "", "a"), (G2, "", "", "b")])
        self.refused_list(f"\ntenant_id,note\n\n{G1},a\n\nbad,b\n", [(6, "bad")])

    def test_lines_are_counted_across_quoted_line_ends(self):
        self.refused_list(f'tenant_id,note\n{G1},"a\nb\n\nc"\nbad,b\n', [(6, "bad")])

    def test_every_bad_row_is_told_at_once(self):
        self.refused_list(f"note,tenant_id\na,bad\nb,{G1}\nc,\nd,{G2[:-1]}\ne,{G2}0\nf,{{{G2}\ng,g{G2[1:]}\n"
                          f"größe→😀,urn:uuid:{G2}\ni,{G2.replace('-', '')}x\n",
                          [(2, "bad"), 4, (5, G2[:-1]), (6, G2 + "0"), (7, "{"), (8, "g" + G2[1:]), (9, "urn"),
                           (10, G2.replace("-", ""))])

    def test_ragged_rows_are_errors(self):
        self.refused_list(f"tenant_id,note\n{G1}\n{G2},a\n{G3},a,b\n", [2, 4])
        self.refused_list(f"tenant_id\n{G1},\n", [2])

    def test_broken_quoting_is_an_error(self):
        self.assertEqual(3, self.locations(self.refused_list(f'tenant_id,note\n{G1},a\n{G2},"open\n{G3},b\n'))[0][1])
        self.refused_list(f'tenant_id,note\n{G1},"closed"x\n', [2])

    def test_a_separator_that_is_no_comma_is_named(self):
        for separator in (";", "\t", "|"):
            with self.subTest(separator):
                ended = self.refused_list(f"tenant_id{separator}note\n{G1}{separator}a\n")
                self.assertEqual(1, self.locations(ended)[0][1])
                self.assertIn("comma", ended.said)

    def test_bytes_that_are_no_text_are_errors_with_their_place(self):
        for data in (b"a\0b", b"a\xff", b"\xc3", b"\xed\xa0\x80", b"\xc0\xaf"):
            with self.subTest(data):
                ended = self.refused_list(f"tenant_id,note\n{G1},ok\n{G2},".encode() + data + b"\n")
                self.assertEqual(3, self.locations(ended)[0][1], str(ended))
        self.refused_list(f"tenant_id\n{G1}\n".encode("utf-16"))

    def test_a_list_without_a_tenant_or_its_column_is_an_error(self):
        for text in ("", "\n\n", "tenant_id\n", "\ufeff", "tenant_id,note\n\n\n", f"note\n{G1}\n", f"{G1}\n"):
            with self.subTest(text):
                self.refused_list(text)

    def test_a_doubled_column_is_an_error(self):
        for header in ("tenant_id,Microsoft ID", "tenant_id,note,ticket", "tenant_id,Domain,Primary domain name",
                       "tenant_id,Tenant-ID"):
            with self.subTest(header):
                columns = header.split(",")
                ended = self.refused_list(header + "\n" + ",".join([G1] * len(columns)) + "\n", [(1, columns[-1])])
                self.assertIn(columns[-1], ended.said)

    def test_a_tenant_listed_twice_alike_is_kept_once_with_a_warning(self):
        ended = self.taken_rows(f"tenant_id,company_name\n{G1},A\n{G2},B\n{{{G1.upper()}}},A\n",
                                [(G1, "A", "", ""), (G2, "B", "", "")], warnings=True)
        self.assertIn(G1, ended.said.lower())

    def test_a_tenant_listed_twice_with_different_expectations_is_an_error(self):
        self.refused_list(f"tenant_id,company_name,domain\n{G1},A,\n{G2},B,\n{G1},C,\n{G2},B,b.example\n", [4, 5])

    def test_after_fifty_bad_rows_the_rest_is_counted(self):
        ended = self.refused_list("tenant_id\n" + "".join(f"bad{i}\n" for i in range(60)))
        self.assertEqual(list(range(2, 52)), [line for _, line, _, _ in self.locations(ended)])
        self.assertRegex(ended.said.splitlines()[-1], r"\b10\b")

    def test_a_list_that_goes_bad_changes_nothing_that_is_recorded(self):
        sim = self.simulator([customer(1), customer(2)])
        self.write_job(JOB.format(url=sim.url))
        self.write_list(f"tenant_id\n{G1}\n{G2}\n")
        self.expect(0, "check")
        before, requests = self.ledger.read_bytes(), len(sim.log())
        history = self.report("history")
        for text in (f"tenant_id\n{G1}\nbad\n", "tenant_id\n", f"tenant_id\n{G3}\n{G3},x\n"):
            self.write_list(text)
            for command in ("validate", "check", "run"):
                self.expect(2, command)
        self.write_list(f"tenant_id\n{G1}\n{G2}\n")
        self.assertEqual(history, self.report("history"))
        self.assertEqual(["ready", "ready"], self.states())
        self.assertEqual(1, len(self.report("runs")))
        self.assertEqual(before, self.ledger.read_bytes())
        self.assertEqual(requests, len(sim.log()))


class TenantListAsYaml(Input):
    def setUp(self):
        super().setUp()
        self.write_job(self.base.replace("tenants.csv", "tenants.yaml"))

    def rows(self, text, name="tenants.yaml"):
        self.write_list(text, name)
        sim = self.simulator([])
        self.token_file.write_text(harness.REFRESH_TOKEN)
        self.write_job(JOB.format(url=sim.url).replace("tenants.csv", name))
        self.ledger.unlink(missing_ok=True)
        self.expect(4, "check")
        sim.stop()
        return [(row["tenant_id"], row["company_name"], row["domain"], row["note"]) for row in self.report()]

    def test_a_list_or_a_map_with_tenants_of_guids_and_maps_is_taken(self):
        wanted = [(G1, "", "", ""), (G2, "B", "b.example", "n: 1"), (G3, "", "", "")]
        items = f"- {G1}\n- tenant_id: {G2.upper()}\n  company_name: B\n  domain: b.example\n  note: 'n: 1'\n" \
                f"- {{tenant_id: '{{{G3}}}'}}\n"
        self.assertEqual(wanted, self.rows(items))
        self.assertEqual(wanted, self.rows("tenants:\n" + "".join("  " + line for line in items.splitlines(True)),
                                           "tenants.yml"))
        self.assertEqual(wanted[:1], self.rows(f"[{G1}]"))

    def test_mistakes_are_told_with_their_places(self):
        for text, places in ((f"- {G1}\n- bad\n", [(2, "bad")]),
                             (f"- {{tenant_id: {G1}, colour: blue}}\n", [(1, "colour")]),
                             (f"- tenant_id: {G1}\n  tenant_id: {G2}\n", [(2, "tenant_id")]),
                             ("- company_name: A\n", [1]), ("- \n", [1]), ("- []\n", [1]),
                             (f"- tenant_id: [{G1}]\n", [1]),
                             (f"- tenant_id: {G1}\n  note: {{a: b}}\n", [2]),
                             (f"tenants:\n  - {G1}\nextra: 1\n", [(3, "extra")]),
                             (f"- {{tenant_id: {G1}, company_name: A}}\n- {{tenant_id: {G1}, company_name: B}}\n", [2]),
                             ("- bad1\n- bad2\n- {tenant_id: bad3}\n", [(1, "bad1"), (2, "bad2"), (3, "bad3")])):
            with self.subTest(text):
                self.write_list(text, "tenants.yaml")
                self.refused(places, "tenants.yaml")

    def test_a_list_without_a_tenant_is_an_error(self):
        for text in ("", "[]\n", "tenants:\n", "tenants: []\n", "{}\n", "~\n", "text\n", f"{G1}\n"):
            with self.subTest(text):
                self.write_list(text, "tenants.yaml")
                self.refused(None, "tenants.yaml")

    def test_a_tenant_listed_twice_alike_is_kept_once_with_a_warning(self):
        self.write_list(f"- {G1}\n- tenant_id: {G1.upper()}\n", "tenants.yaml")
        self.assertIn(G1, self.taken(warnings=True).said.lower())
        self.assertEqual([(G1, "", "", "")], self.rows(f"- {G1}\n- {G1}\n"))

    def test_another_kind_of_file_or_none_at_all_is_refused(self):
        for name in ("tenants.txt", "tenants", "absent.csv"):
            with self.subTest(name):
                if not name.startswith("absent"):
                    self.write_list(f"tenant_id\n{G1}\n", name)
                self.write_job(self.base.replace("tenants.csv", name))
                ended = self.expect(2, "run")
                place = self.locations(ended)[0]
                self.assertTrue(place[:2] == ("job.yaml", 2) or place[0] == name, str(ended))
                self.assertFalse(self.ledger.exists())


if __name__ == "__main__":
    harness.main()
