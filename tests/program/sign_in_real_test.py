"""Signing in against real components: a certified OpenID provider behind nginx, over TLS, with tinyproxy in between where asked.

What each test has seen stands in one line on standard error. OFFBOARD_SIGN_IN_KILLS sets the number of kills (25; 100 take about half a
minute), OFFBOARD_SIGN_IN_SEED what is drawn.
"""
import base64
import json
import os
import pathlib
import random
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

import harness
import real_sign_in
import tls_front
from harness import customer, wait_until
from real_sign_in import Client, Proxy, SignInService, client_certificate, person_signs_in

SANITIZED = os.environ.get("OFFBOARD_SANITIZED") == "1"
KILLS = int(os.environ.get("OFFBOARD_SIGN_IN_KILLS", 5 if SANITIZED else 25))
SEED = int(os.environ.get("OFFBOARD_SIGN_IN_SEED", 20261125))
SHORT = 4 if SANITIZED else 2      # seconds that a short-lived access token lives
MAX_DELAY = 0.012                  # seconds from the provider's answer to the kill
SECRET = "client/secret+with=signs&5b90-0123456789abcdef"
TENANT_ID = "7a7d0c1e-0000-4000-8000-00000000c0de"
CLAIMS = {"tid": TENANT_ID, "amr": ["pwd", "mfa"], "upn": "operator@contoso.onmicrosoft.com"}
AUTHORITY = None


def setUpModule():
    global AUTHORITY
    real_sign_in.tools()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="offboard-authority-"))
    folder.chmod(0o755)  # for a program that is started as nobody
    unittest.addModuleCleanup(shutil.rmtree, folder, ignore_errors=True)
    AUTHORITY = tls_front.Authority(folder)


def told(what):
    print(f"\n{what}", file=sys.stderr, flush=True)


def spellings(secret):
    """What must not be found: the secret, pieces of it that are long enough to be of use, and its other spellings."""
    size, step = 24, 8
    raw = secret.encode()
    found = {secret, urllib.parse.quote(secret, safe=""), urllib.parse.quote_plus(secret), raw.hex()}
    found |= {secret[at:at + size] for at in range(0, max(1, len(secret) - size), step)}
    # Whatever stands in front of it in a longer text: three ways in which its bytes can fall into groups of base64.
    found |= {base64.b64encode(raw[skip:skip + (len(raw) - skip) // 3 * 3]).decode() for skip in range(3)}
    return {spelling.encode() for spelling in found}


class Tail:
    """The provider's journal, entry by entry as it grows."""

    def __init__(self, file):
        self._file = open(file, "rb")

    def new(self):
        entries = []
        while (line := self._file.readline()):
            if not line.endswith(b"\n"):
                self._file.seek(-len(line), os.SEEK_CUR)
                break
            entries.append(json.loads(line))
        return entries

    def close(self):
        self._file.close()


class RealSignIn(harness.Case):
    def setUp(self):
        super().setUp()
        # Apart from what the program leaves behind: its services may know the secrets.
        self.services = pathlib.Path(tempfile.mkdtemp(prefix="offboard-services-"))
        self.addCleanup(shutil.rmtree, self.services, ignore_errors=True)
        self.private = set()   # files that hold a secret because they must
        self.outputs = {}
        self.more_secrets = set()

    def serve(self, client=None, tenants=3, latency_ms=0, **settings):
        numbers = list(range(1, tenants + 1))
        self.tenants(numbers)
        self.sim = harness.Simulator(self.services / "simulator", {
            "customers": [customer(number) for number in numbers], "latency_ms": latency_ms, "sign_in": {"trust": "any-bearer"}})
        self.addCleanup(self.sim.stop)
        self.client = client or Client()
        self.service = SignInService(self.services / "sign-in", AUTHORITY, self.sim.port, [self.client], **settings)
        self.addCleanup(self.service.close)
        self.tenant_id = self.service.settings["tenant"]

    def write_job(self, **changes):
        secret = self.folder / "secret.txt"
        known = {"base_url": self.service.base_url, "login_url": self.service.login_url, "ca_file": str(AUTHORITY.file),
                 "tenant": self.tenant_id, "client_id": self.client.id, "client_secret": None}
        if self.client.secret:
            secret.write_text(self.client.secret)
            secret.chmod(0o600)
            self.private.add(secret)
            known["client_secret"] = {"command": ["cat", str(secret)]}
        if self.client.pem:
            known["client_certificate"] = {"file": str(self.client.pem), "key": str(self.client.key)}
        had_token = self.token_file.exists()
        self.job("", None, **harness.merged({"partner_center": known, "retry": {"max_wait": "1s"},
                                             "report": {"csv": "r.csv", "json": "r.json", "html": "r.html"}}, changes))
        if not had_token:
            self.token_file.unlink()

    def go(self, command, *options, variables=None, job=None):
        ended = self.offboard(command, *options, job=job, variables={"OFFBOARD_CLIENT_SECRET": None, **(variables or {})})
        self.keep(f"{len(self.outputs)} {command}", ended)
        return ended

    def keep(self, name, ended):
        self.outputs[f"{name}, standard output"] = ended.out
        self.outputs[f"{name}, standard error"] = ended.err

    def must(self, code, command, *options, **more):
        ended = self.go(command, *options, **more)
        self.assertEqual(code, ended.code, f"offboard {command}: {ended}\nthe provider refused: {self.service.refused()}")
        return ended

    def begin_login(self):
        """A login that waits for its person, with the address and the code it shows."""
        going = self.start("login", "-v", variables={"OFFBOARD_CLIENT_SECRET": None})

        def shown():
            if not going.is_going():
                raise AssertionError(f"no code was shown: {going.wait()}")
            return re.search(r"open (https://\S+) .*code (\S+)\n", going.said())
        uri, code = wait_until(shown, "the code is shown").groups()
        return going, uri, code

    def log_in(self):
        going, uri, code = self.begin_login()
        person_signs_in(uri, code, AUTHORITY.file)
        ended = going.wait()
        self.keep(f"{len(self.outputs)} login", ended)
        self.assertEqual(0, ended.code, f"{ended}\nthe provider refused: {self.service.refused()}")
        self.assertEqual(0o600, stat.S_IMODE(self.token_file.stat().st_mode))
        self.assertEqual(self.service.issued()[-1]["answer"]["refresh_token"], self.token_file.read_text())
        return ended

    # ---- what must hold ----------------------------------------------------------------------------------------

    def assert_all_patched(self):
        self.assertEqual({"patched"}, set(self.states()))
        self.assert_sound()
        self.assertEqual(len(self.states()), self.sim.count("removed"))

    def assert_chain_is_whole(self):
        """Each refresh token was presented no earlier than it was issued, and none was made up or cut."""
        known = set()
        for entry in self.service.issued():
            presented = entry["form"].get("refresh_token")
            self.assertTrue(presented is None or presented in known, "a refresh token that was never issued")
            known.add(entry["answer"]["refresh_token"])
        self.assertEqual([], self.service.refused())
        self.assertIn(self.token_file.read_text(), known)

    def assert_nothing_leaked(self, least=2):
        """In no output so far and in no file of the job's folder but those that hold a secret because they must."""
        if self.ledger.exists():
            for view in ("tenants", "blockers", "history", "runs"):
                for form in ("csv", "json", "html"):
                    self.go("report", "--view", view, "--format", form)
            self.go("status")
            self.go("status", "--format", "json")
            self.go("verify")
        places = dict(self.outputs)
        for path in self.folder.rglob("*"):
            if path.is_file() and path != self.token_file and path not in self.private:
                places[str(path.relative_to(self.folder))] = path.read_bytes()
        secrets = self.service.secrets() | self.more_secrets
        self.assertGreaterEqual(len(secrets), least)
        for secret in secrets:
            for spelling in spellings(secret):
                for place, content in places.items():
                    at = content.find(spelling)
                    self.assertEqual(-1, at, f"a secret in {place}: …{content[max(0, at - 60):at + 60]!r}…")
        size = sum(len(content) for content in places.values())
        return f"{len(secrets)} secrets looked for in {len(places)} artefacts ({size >> 10} KiB): 0 found"


class DeviceCode(RealSignIn):
    def signs_in_and_runs(self, client, **settings):
        self.serve(client, **settings)
        self.write_job()
        without = self.must(7, "run")
        self.assertIn("offboard login", without.said)
        self.assertEqual([], self.service.requests(), "nobody is asked without a token")
        self.log_in()
        self.must(0, "check")
        self.must(0, "run", "-v")
        self.assert_all_patched()
        self.assert_chain_is_whole()
        return f"{len(self.service.issued())} sign-ins, {len(self.sim.of('patch'))} removals; {self.assert_nothing_leaked(6)}"

    def test_a_public_client(self):
        told(f"device code, public client: {self.signs_in_and_runs(Client())}")

    def test_a_client_with_a_secret(self):
        told(f"device code, client with a secret: {self.signs_in_and_runs(Client(secret=SECRET))}")
        for entry in self.service.issued():
            self.assertEqual(SECRET, entry["form"]["client_secret"])

    def test_a_refresh_token_is_never_used_twice(self):
        told(f"device code, reuse of a refresh token revokes all: {self.signs_in_and_runs(Client(), reuse='revokes')}")
        presented = [entry["form"].get("refresh_token") for entry in self.service.issued()]
        self.assertEqual(len(presented), len(set(presented)))

    def test_a_person_who_says_no(self):
        self.serve()
        self.write_job()
        going, uri, code = self.begin_login()
        person_signs_in(uri, code, AUTHORITY.file, abort=True)
        ended = going.wait()
        self.keep("login", ended)
        self.assertEqual(7, ended.code, ended)
        self.assertIn("access_denied", ended.said)
        self.assertFalse(self.token_file.exists())
        self.assert_nothing_leaked(1)

    def test_a_wrong_secret(self):
        self.serve(Client(secret=SECRET))
        self.write_job()
        self.log_in()
        (self.folder / "secret.txt").write_text("another-secret-5d20-0123456789")
        self.more_secrets.add("another-secret-5d20-0123456789")
        before = self.token_file.read_text()
        ended = self.must(7, "run")
        self.assertIn("invalid_client", ended.said)
        self.assertEqual(before, self.token_file.read_text())
        self.assert_nothing_leaked()


class ShortLivedTokens(RealSignIn):
    def outlives(self, **settings):
        self.serve(tenants=30, latency_ms=100, access_token_seconds=SHORT, reuse="revokes", **settings)
        self.write_job(workers=2)
        self.log_in()
        ended = self.must(0, "run")
        self.assert_all_patched()
        self.assert_chain_is_whole()
        times = len(self.service.issued()) - 1
        self.assertGreaterEqual(times, 2 if SANITIZED else 3, "signed in again and again")
        late = sum(status == "401" for *_, status in self.service.requests())
        return (f"{ended.seconds:.1f} s with access tokens of {SHORT} s: {times} sign-ins, {late} requests with a token that had ended, "
                f"30 removals; {self.assert_nothing_leaked()}")

    def test_a_run_outlives_its_access_tokens(self):
        told(f"a run of {self.outlives()}")

    def test_a_run_outlives_its_jwts(self):
        told(f"JWTs: a run of {self.outlives(access_token_format='jwt', claims=CLAIMS)}")


class Claims(RealSignIn):
    """What a JWT of the provider's says of the person who signed in; the signature is the provider's, the claims are the test's."""

    def serve_claims(self, **changes):
        self.serve(access_token_format="jwt", claims={**CLAIMS, **changes}, tenant=TENANT_ID)
        self.write_job()

    def test_the_right_tenant_and_a_second_factor(self):
        self.serve_claims()
        self.assertRegex(self.log_in().said, f"signed in as {CLAIMS['upn']} .*to the tenant {TENANT_ID}")
        self.must(0, "run")
        self.assert_all_patched()
        told(f"JWT of the right tenant, with mfa: 3 removals; {self.assert_nothing_leaked()}")

    def test_without_a_second_factor_nothing_is_removed(self):
        self.serve_claims(amr=["pwd"])
        self.log_in()
        self.must(0, "check")
        ended = self.must(7, "run")
        self.assertIn("second factor", ended.said)
        self.assertEqual([], self.sim.of("patch"))
        told(f"JWT without mfa: exit 7, 0 removals; {self.assert_nothing_leaked()}")

    def test_a_person_of_another_tenant(self):
        other = "0ddba11c-0000-4000-8000-00000000f00d"
        self.serve_claims(tid=other)
        going, uri, code = self.begin_login()
        person_signs_in(uri, code, AUTHORITY.file)
        ended = going.wait()
        self.keep("login", ended)
        self.assertEqual(7, ended.code, ended)
        self.assertIn(other, ended.said)
        self.assertFalse(self.token_file.exists())
        told(f"JWT of another tenant: exit 7, nothing kept; {self.assert_nothing_leaked()}")


class Together(RealSignIn):
    def test_programs_that_share_a_refresh_token(self):
        """Where the second use of a refresh token revokes all, one rotation that another program does not hear of ends everything."""
        self.serve(tenants=40, latency_ms=100, access_token_seconds=SHORT, reuse="revokes")
        jobs = []
        rows = self.list_file.read_text().splitlines()
        for number, part in enumerate((rows[1:21], rows[21:])):
            name = f"part{number}"
            (self.folder / f"{name}.csv").write_text("\n".join([rows[0], *part, ""]))
            self.write_job(tenants=f"{name}.csv", ledger=f"{name}.db", workers=2, report={"csv": f"{name}-report.csv"})
            jobs.append(self.job_file.rename(self.folder / f"{name}.yaml"))
        self.write_job()
        self.log_in()
        going = [self.start("run", "-v", job=job, variables={"OFFBOARD_CLIENT_SECRET": None}) for job in jobs]
        invitations = 0
        while any(each.is_going() for each in going):
            self.must(0, "invite")
            invitations += 1
        for each in going:
            ended = each.wait()
            self.keep(f"{len(self.outputs)} run", ended)
            self.assertEqual(0, ended.code, f"{ended}\nthe provider refused: {self.service.refused()}")
        self.assertEqual(40, self.sim.count("removed"))
        self.assert_chain_is_whole()
        presented = [entry["form"].get("refresh_token") for entry in self.service.issued()]
        self.assertEqual(len(presented), len(set(presented)), "none was presented twice")
        told(f"two runs and {invitations} other programs at a time on one refresh token: {len(presented)} sign-ins, none presented twice; "
             f"{self.assert_nothing_leaked()}")


class KilledAroundRotations(RealSignIn):
    """kill -9 a drawn few milliseconds after the provider's answer left, or at a drawn moment after the start (one in five). One in ten
    waits for a rotation in the middle of a run."""

    def setUp(self):
        super().setUp()
        self.random = random.Random(SEED)

    def run_and_kill(self, number):
        command = self.random.choice(("check", "run"))
        going = self.start(command, variables={"OFFBOARD_CLIENT_SECRET": None})
        if self.random.random() < 0.2:
            time.sleep(self.random.uniform(0.002, 0.1))
        else:
            left = 2 if number % 10 == 0 else 1

            def answered():
                nonlocal left
                left -= self.successes(self.tail.new())
                return left <= 0 or not going.is_going()
            wait_until(answered, "it has signed in or ended", every=0.0005)
            time.sleep(self.random.uniform(0, MAX_DELAY))
        was_going = going.is_going()
        going.kill()
        ended = going.wait()
        self.keep(f"{number} {command} killed", ended)
        self.assertTrue(was_going, f"kill {number} of {KILLS} came after the end: {ended}")

    def successes(self, entries):
        answers = [entry["answer"]["refresh_token"] for entry in entries if entry["event"] == "token" and entry["status"] == 200]
        self.issued += answers
        return len(answers)

    def test_the_chain_of_refresh_tokens_lives_on(self):
        began = time.monotonic()
        tenants = 60 + 2 * KILLS  # a killed run shall find more to do than it can until its second rotation
        self.serve(tenants=tenants, latency_ms=50, access_token_seconds=SHORT)
        self.write_job(workers=4)
        self.log_in()
        self.issued = []
        self.tail = Tail(self.service.journal_file)
        self.addCleanup(self.tail.close)
        self.successes(self.tail.new())
        held_new = held_old = 0
        for number in range(1, KILLS + 1):
            before = len(self.issued)
            self.run_and_kill(number)
            self.successes(self.tail.new())
            held = self.token_file.read_text()
            self.assertIn(held, self.issued, f"kill {number}: the token file is whole")
            self.assertEqual(0o600, stat.S_IMODE(self.token_file.stat().st_mode))
            if len(self.issued) > before:
                held_new += held == self.issued[-1]
                held_old += held != self.issued[-1]
        refused = self.service.refused()
        self.assertEqual([], refused, "no sign-in was refused after a kill")
        ended = self.must(0, "run")
        self.assert_all_patched()
        self.assert_chain_is_whole()
        told(f"{KILLS} times kill -9, {held_old} between a rotation's answer and its file, {held_new} after it: {len(self.issued)} "
             f"refresh tokens issued, 0 sign-ins refused, the last run patched all {tenants} in {ended.seconds:.1f} s; "
             f"{time.monotonic() - began:.1f} s in all; {self.assert_nothing_leaked(KILLS)}")
        known = {"job.yaml", "tenants.csv", "refresh-token", "r.csv", "r.json", "r.html", "job.db", "job.db-wal", "job.db-shm",
                 "job.db.lock", "refresh-token.lock"}
        self.assertEqual(set(), {file.name for file in self.folder.iterdir()} - known, "nothing is left over")
        if not SANITIZED:
            self.assertGreater(held_new + held_old, KILLS // 2, "the kills fell around rotations")


class Certificate(RealSignIn):
    def setUp(self):
        super().setUp()
        pem, key = self.made("client")
        self.client = Client(pem=pem, key=key)

    def made(self, name):
        """A certificate and its key; what the latter holds is a secret, line by line. (But for its beginning: the modulus stands in
        the certificate too.)"""
        pem, key = client_certificate(self.folder, name)
        self.private.add(key)
        self.more_secrets |= set(key.read_text().splitlines()[8:-1])
        return pem, key

    def test_login_and_a_run_by_certificate(self):
        self.serve(self.client, access_token_seconds=SHORT, tenants=20, latency_ms=100, reuse="revokes")
        self.write_job(workers=2)
        self.log_in()
        self.must(0, "run")
        self.assert_all_patched()
        self.assert_chain_is_whole()
        made = [entry for entry in self.service.journal() if entry["event"] == "assertion"]
        self.assertGreaterEqual(len(made), 3)
        for entry in made:
            claims, header = entry["claims"], entry["header"]
            self.assertEqual((self.client.id, self.client.id), (claims["iss"], claims["sub"]))
            self.assertLessEqual(claims["exp"] - entry["at"] / 1000, 600, "good for minutes")
            self.assertIn(header["alg"], ("RS256", "PS256"))
        self.assertEqual(len(made), len({entry["claims"]["jti"] for entry in made}), "none is used twice")
        for entry in self.service.issued():
            self.assertNotIn("client_secret", entry["form"])
        told(f"certificate: {len(made)} assertions by {made[0]['header']['alg']}, {len(self.service.issued())} sign-ins, 20 removals; "
             f"{self.assert_nothing_leaked()}")

    def test_a_certificate_that_the_service_does_not_know(self):
        self.serve(self.client)
        other, key = self.made("other")
        self.client = Client(pem=other, key=key)
        self.write_job()
        self.token_file.write_text(harness.REFRESH_TOKEN)
        ended = self.must(7, "run")
        self.assertIn("invalid_client", ended.said)
        self.assertEqual(harness.REFRESH_TOKEN, self.token_file.read_text())
        told(f"a certificate that is not the application's: exit 7; {self.assert_nothing_leaked(1)}")


class OtherAuthority(RealSignIn):
    def test_a_service_of_another_authority_is_told_nothing(self):
        self.serve(Client(secret=SECRET))
        self.write_job()
        self.log_in()
        before, asked = self.token_file.read_text(), len(self.service.requests())
        seen = []
        for name, ca_file in (("another authority", str(AUTHORITY.folder / "stranger.pem")), ("the system's authorities", None)):
            self.write_job(partner_center={"ca_file": ca_file}, retry={"max_attempts": 2, "max_wait": "50ms"})
            for command in ("login", "check", "run", "invite"):
                with self.subTest(name, command=command):
                    ended = self.must(5, command)
                    self.assertIn("ca_file", ended.said)
                    seen.append(ended.code)
        self.assertEqual(asked, len(self.service.requests()), "nothing came through to nginx")
        self.assertEqual(before, self.token_file.read_text())
        self.write_job()
        self.must(0, "run")
        told(f"another authority: {len(seen)} commands ended with 5, 0 requests sent; {self.assert_nothing_leaked()}")


class ThroughAProxy(RealSignIn):
    def setUp(self):
        super().setUp()
        self.proxy = Proxy(self.services / "proxy")
        self.addCleanup(self.proxy.close)
        self.more_secrets.add(Proxy.PASSWORD)
        self.serve()
        names = {"base_url": f"https://{real_sign_in.BASE_NAME}:{self.service.base_port}",
                 "login_url": f"https://{real_sign_in.LOGIN_NAME}:{self.service.login_port}"}
        self.write_job()
        self.log_in()  # directly
        self.write_job(partner_center=names, retry={"max_attempts": 2, "max_wait": "50ms"})
        self.asked = len(self.service.requests())

    def test_a_run_goes_through_the_proxy_of_the_environment(self):
        everything = {"HTTPS_PROXY": self.proxy.url, "NO_PROXY": ".partner.test"}
        for variables in ({}, everything):  # nobody but the proxy knows these names
            self.must(5, "run", variables=variables)
        self.assertEqual(self.asked, len(self.service.requests()))
        self.assertEqual([], self.proxy.asked_for())
        self.must(0, "run", variables={**everything, "NO_PROXY": "elsewhere.test"})
        self.assert_all_patched()
        tunnels = self.proxy.asked_for()
        self.assertEqual({f"{real_sign_in.LOGIN_NAME}:{self.service.login_port}", f"{real_sign_in.BASE_NAME}:{self.service.base_port}"},
                         set(tunnels))
        through = len(self.service.requests()) - self.asked
        self.assertGreater(through, 0)
        # What a proxy can read: names and ports, within which everything is TLS.
        log = self.proxy.log_file.read_bytes()
        for secret in self.service.secrets():
            self.assertNotIn(secret.encode(), log)
        told(f"proxy: {len(tunnels)} tunnels, {through} requests through them, 3 removals; {self.assert_nothing_leaked()}")

    def test_a_proxy_is_no_excuse_for_another_authority(self):
        self.write_job(partner_center={"ca_file": str(AUTHORITY.folder / "stranger.pem"),
                                       "login_url": f"https://{real_sign_in.LOGIN_NAME}:{self.service.login_port}"},
                       retry={"max_attempts": 2, "max_wait": "50ms"})
        ended = self.must(5, "run", variables={"https_proxy": self.proxy.url})
        self.assertIn("ca_file", ended.said)
        self.assertEqual(self.asked, len(self.service.requests()))
        self.assertGreater(len(self.proxy.asked_for()), 0)
        self.assert_nothing_leaked()

    def test_a_proxy_that_wants_a_password_is_told_of(self):
        ended = self.must(5, "run", variables={"https_proxy": self.proxy.url_without_password})
        self.assertIn("407", ended.said)
        self.assertEqual(self.asked, len(self.service.requests()))
        self.assert_nothing_leaked()


class WhileItRuns(RealSignIn):
    """What others on the machine could read of a run, and what a crash would leave behind."""

    def setUp(self):
        super().setUp()
        self.serve(Client(secret=SECRET), tenants=8, latency_ms=500, access_token_seconds=SHORT)
        self.write_job(workers=4)
        self.log_in()

    def start_and_wait_for_reads(self, *before):
        """A run that has its tokens and waits for answers."""
        seen = len(self.sim.log())
        asked = len(self.service.issued())
        going = harness.Going([*before, harness.OFFBOARD, "run", self.job_file, "-v"], self.folder,
                              harness.environment(self.folder, OFFBOARD_CLIENT_SECRET=None))
        self.addCleanup(going.close)

        def reading():
            if not going.is_going():
                raise AssertionError(f"it did not run: {going.wait()}")
            self.look_at_processes()
            return len(self.service.issued()) > asked and len(self.sim.log()) > seen
        wait_until(reading, "it reads", every=0.002)
        self.look_at_processes()
        return going

    def look_at_processes(self):
        for process in pathlib.Path("/proc").iterdir():
            if not process.name.isdigit():
                continue
            try:
                if pathlib.Path(process, "cwd").resolve() != self.folder:
                    continue
                for name in ("cmdline", "environ"):
                    content = (process / name).read_bytes()
                    self.outputs[f"{name} of a process: {hash(content)}"] = content
            except OSError:
                pass  # it ended meanwhile

    def test_command_lines_and_environments(self):
        slowly = f"sleep 0.2; exec cat {self.folder}/secret.txt"
        self.write_job(workers=4, partner_center={"client_secret": {"command": ["sh", "-c", slowly]}})
        going = self.start_and_wait_for_reads()
        self.assertTrue(any(b"secret.txt" in content for name, content in self.outputs.items() if name.startswith("cmdline")),
                        "the command that tells the secret was seen")
        self.outputs["so far"] = going.said().encode()
        while_it_ran = self.assert_nothing_leaked()
        ended = going.wait()
        self.keep("at the end", ended)
        self.assertEqual(0, ended.code, ended)
        told(f"while it ran, command lines and environments included: {while_it_ran}")
        self.assert_nothing_leaked()

    def cores(self):
        return [path for path in self.folder.rglob("*") if path.is_file() and path.name.startswith("core")]

    def test_a_crash_leaves_no_core_behind(self):
        control = self.services / "control"
        control.mkdir()
        subprocess.run(["prlimit", "--core=unlimited", "sh", "-c", "kill -ABRT $$"], cwd=control, check=False,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        here = [path for path in control.iterdir() if path.name.startswith("core")]
        for number in (signal.SIGABRT, signal.SIGSEGV, signal.SIGQUIT):
            with self.subTest(number.name):
                going = self.start_and_wait_for_reads("prlimit", "--core=unlimited")
                limits = pathlib.Path(f"/proc/{going.pid}/limits").read_text()
                going.send(number)
                ended = going.wait()
                self.assertRegex(limits, r"Max core file size\s+0\s+0\s", "neither now nor raised again")
                self.keep(f"ended by {number.name}", ended)
                if not SANITIZED:  # whose own handler ends the program otherwise
                    self.assertEqual(-number, ended.code, ended)
                self.assertEqual([], self.cores())
        told(f"crashes with core dumps switched on by the caller: 0 cores, where any other program leaves {len(here)}; "
             f"{self.assert_nothing_leaked()}")

    def test_nobody_but_root_can_read_its_memory(self):
        """Neither another program of the same user: what belongs to a process that cannot be dumped is root's."""
        if os.geteuid() == 0:
            self.folder.chmod(0o755)
            for path in [self.folder, *self.folder.rglob("*")]:
                os.chown(path, 65534, 65534)
            going = self.start_and_wait_for_reads("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
        else:
            going = self.start_and_wait_for_reads()
        memory = os.stat(f"/proc/{going.pid}/mem")
        self.assertEqual(0, memory.st_uid)
        going.kill()


if __name__ == "__main__":
    harness.main()
