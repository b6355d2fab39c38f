"""Signing in: tokens that end, rotate, are missing or refused."""
import base64
import json
import os
import subprocess
import threading
import time
import unittest

import harness
from harness import Answer, CLIENT_SECRET, REFRESH_TOKEN, collection, customer, wait_until

DENIED = Answer(401, {"code": "400", "description": "Access denied", "data": [], "source": "PartnerFD"})


DEVICE_CODE = {"user_code": "SHOW-THIS", "device_code": "device", "verification_uri": "https://microsoft.com/devicelogin",
               "expires_in": 900, "interval": 1}


def grant_refused(code, error="invalid_grant", status=400):
    return Answer(status, {"error": error, "error_description": f"AADSTS{code}: It has ended. Trace ID: 1",
                           "error_codes": [code], "trace_id": "1"})


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Unauthorized(harness.Case):
    def setUp(self):
        super().setUp()
        self.server = self.service()

    def test_401_signs_in_anew_once_and_asks_again(self):
        for kind in ("customer", "subscriptions", "entitlements"):
            with self.subTest(kind):
                self.server.requests.clear()
                self.server.removed.clear()
                self.server.add(1)
                self.server.next(kind, DENIED, 1)
                self.job(self.server.url, [1], ledger=f"{kind}.db")
                self.expect(0, "run")
                kinds = [r.kind for r in self.server.requests]
                at = kinds.index(kind)
                self.assertEqual([kind, "token", kind], kinds[at:at + 3])
                self.assertEqual(2, kinds.count("token"))
                first, second = self.server.of(kind, 1)
                self.assertNotEqual(first.token, second.token)

    def test_401_for_the_patch_is_sent_again_with_the_same_id(self):
        self.server.add(1)
        self.server.next("patch", DENIED, 1)
        self.job(self.server.url, [1])
        self.expect(0, "run")
        first, second = self.server.of("patch", 1)
        self.assertEqual(first.request_id, second.request_id)
        self.assertNotEqual(first.token, second.token)
        self.assertEqual(2, len(self.server.of("token")))
        self.assertEqual(("patched", "2"), (self.tenant(1)["state"], self.tenant(1)["attempts"]))

    def test_a_second_401_ends_the_run_with_7(self):
        self.server.add(1)
        self.server.always("subscriptions", Answer(401, {"code": 900421, "description": "MFA is required."}))
        self.job(self.server.url, [1])
        ended = self.expect(7, "run")
        self.assertIn("900421", ended.said)
        self.assertIn(f"offboard login {self.job_file}", ended.said)
        self.assertEqual(2, len(self.server.of("token")))
        self.assertEqual(2, len(self.server.of("subscriptions")))
        self.assertEqual("pending", self.tenant(1)["state"])
        self.server.clear()
        self.expect(0, "run")

    def test_a_second_401_for_the_patch_leaves_it_open_and_the_next_run_keeps_its_id(self):
        self.server.add(1)
        self.server.next("patch", DENIED, 1, times=2)
        self.job(self.server.url, [1])
        self.expect(7, "run")
        self.assertEqual("patching", self.tenant(1)["state"])
        before = len(self.server.requests)
        self.expect(0, "run")
        self.assertEqual("customer", [r.kind for r in self.server.requests[before:] if r.customer][0])
        self.assertEqual(1, len({r.request_id for r in self.server.of("patch")}))
        self.assertEqual("patched", self.tenant(1)["state"])

    def test_a_token_that_ends_for_all_workers_is_renewed_once(self):
        for number in range(1, 25):
            self.server.add(number)
        everybody = threading.Barrier(8)

        def ended(request, honest):
            everybody.wait(harness.TIMEOUT)
            return DENIED
        self.server.next("entitlements", ended, times=8)
        self.job(self.server.url, list(range(1, 25)), workers=8)
        self.expect(0, "run")
        self.assertEqual(2, len(self.server.of("token")))
        self.assertEqual({"patched"}, set(self.states()))
        self.assertEqual(24, len(self.server.of("patch")))

    def test_a_run_outlives_its_access_token(self):
        sim = self.simulator([customer(number) for number in range(1, 41)], latency_ms=60,
                             sign_in={"access_token_seconds": 1, "strict_rotation": True})
        self.job(sim.url, list(range(1, 41)), workers=2)
        self.expect(0, "run")
        self.assertEqual({"patched"}, set(self.states()))
        self.assertEqual(40, sim.count("removed"))
        self.assertGreater(len(sim.of("token")), 1)
        self.assertEqual(0, sim.count("sign_in_refused"))

    def test_a_refresh_token_that_ends_during_a_run_is_7_and_what_was_done_stays(self):
        for number in (1, 2, 3):
            self.server.add(number)
        self.server.next("customer", lambda request, honest: [
            wait_until(lambda: len(self.server.removed) == 2, "the others are removed"), DENIED][1], number=3)
        self.server.next("token", lambda request, honest: honest())
        self.server.next("token", grant_refused(50173))
        self.job(self.server.url, [1, 2, 3], workers=3, report={"csv": "report.csv"})
        ended = self.expect(7, "run")
        self.assertIn("AADSTS50173", ended.said)
        self.assertIn("offboard login", ended.said)
        self.assertEqual(["patched", "patched", "pending"], self.states())
        self.assertIn("patched", (self.folder / "report.csv").read_text())


class Refused(harness.Case):
    def test_every_refusal_of_the_sign_in_service_is_7_with_its_code(self):
        server = self.service()
        server.add(1)
        self.job(server.url, [1])
        for code, error, status in ((700082, "invalid_grant", 400), (50173, "invalid_grant", 400),
                                    (50078, "invalid_grant", 400), (50076, "interaction_required", 400),
                                    (7000215, "invalid_client", 401), (700016, "unauthorized_client", 400),
                                    (90002, "invalid_tenant", 400), (65001, "consent_required", 403)):
            with self.subTest(code):
                server.clear()
                server.requests.clear()
                server.always("token", grant_refused(code, error, status))
                ended = self.expect(7, "run")
                self.assertIn(f"AADSTS{code}", ended.said)
                self.assertIn(f"offboard login {self.job_file}", ended.said)
                self.assertEqual(["token"], [r.kind for r in server.requests])
                self.assertEqual("pending", self.tenant(1)["state"])
                self.assertEqual(REFRESH_TOKEN, self.token_file.read_text())

    def test_every_documented_refusal_has_a_sentence_of_its_own(self):
        server = self.service()
        server.add(1)
        self.job(server.url, [1])
        for code, words in ((700082, "has not been used for 90 days"), (70008, "has ended or was revoked"),
                            (50173, "has ended or was revoked"), (50078, "use the second factor"), (50076, "use the second factor"),
                            (50079, "has yet to register"), (7000215, "client secret is wrong"),
                            (7000222, "client secret has expired"), (7000218, "has to prove itself"),
                            (700027, "certificate is not one of those"), (700024, "clock of this machine"),
                            (53003, "Conditional Access policy"), (530003, "Conditional Access policy"),
                            (65001, "has consented"), (700016, "no such application"), (90002, "no such tenant")):
            with self.subTest(code):
                server.clear()
                server.always("token", grant_refused(code))
                for command in ("run", "invite"):
                    ended = self.expect(7, command)
                    self.assertIn(f"AADSTS{code}: ", ended.said)
                    self.assertIn(words, ended.said)
                    self.assertIn(f"`offboard login {self.job_file}`", ended.said)
        with self.subTest("a service that says it in the standard's words alone"):
            server.clear()
            server.always("token", Answer(400, {"error": "invalid_grant"}))
            self.assertIn("has ended or was revoked", self.expect(7, "run").said)
        with self.subTest("one that nobody knows"):
            server.clear()
            server.always("token", Answer(400, {"error": "odd", "error_description": "AADSTS99: It is odd, and here is why."}))
            self.assertIn("Sign-in is needed (AADSTS99: It is odd, and here is why.): `offboard login",
                          self.expect(7, "run").said)

    def test_a_refusal_of_the_token_by_partner_center_is_7_and_fails_no_tenant(self):
        server = self.service()
        for number in (1, 2):
            server.add(number)
        for status, code, words in ((401, 900421, "multi-factor authentication"), (403, 900421, "multi-factor authentication"),
                                    (403, 900329, "wants a person"), (403, 900308, "not an admin agent"),
                                    (403, 900309, "Conditional Access"), (401, 400, "denies this sign-in access"),
                                    (401, "invalid_token", "for want of multi-factor authentication")):
            for kind in ("customer", "patch"):
                with self.subTest(code=code, kind=kind):
                    server.clear()
                    answer = Answer(status, {"code": code, "description": "No.", "data": [], "source": "PartnerFD"})
                    if code == "invalid_token":  # Partner Center's older way of asking for it
                        answer = Answer(status, b"", {"WWW-Authenticate": 'Bearer error="invalid_token"'})
                    server.always(kind, answer)
                    self.job(server.url, [1, 2], ledger=f"{status}-{code}-{kind}.db")
                    ended = self.expect(7, "run")
                    self.assertIn(f"{code}: ", ended.said)
                    self.assertIn(words, ended.said)
                    self.assertIn("offboard login", ended.said)
                    self.assertNotIn("failed", self.states())
                    self.assertEqual(set(), server.removed)

    def test_missing_credentials_are_7_and_nobody_is_asked(self):
        server = self.service()
        server.add(1)
        (self.folder / "empty").write_text("")
        (self.folder / "empty").chmod(0o600)
        (self.folder / "a-folder").mkdir()
        (self.folder / "open-secret").write_text("open")
        (self.folder / "open-secret").chmod(0o644)
        for name, changes, words in (
                ("env", {"client_secret": {"env": "OFFBOARD_NOT_THERE"}}, "the environment variable OFFBOARD_NOT_THERE is not set"),
                ("secret file", {"client_secret": {"file": "absent"}}, "absent: No such file"),
                ("empty secret file", {"client_secret": {"file": "empty"}}, "empty is empty"),
                ("command not there", {"client_secret": {"command": ["/no/such/program"]}}, "/no/such/program: No such file"),
                ("command that fails", {"client_secret": {"command": ["false"]}}, "false ended with exit code 1"),
                ("command that says nothing", {"client_secret": {"command": ["true"]}}, "what true wrote is empty"),
                ("token file", {"refresh_token": {"file": "absent"}}, "no refresh token: .*absent: No such file"),
                ("empty token file", {"refresh_token": {"file": "empty"}}, "no refresh token: .*empty is empty"),
                ("token file is a folder", {"refresh_token": {"file": "a-folder"}}, "a-folder: not a regular file"),
                ("command that prints two lines", {"client_secret": {"command": ["printf", "a\\nb"]}},
                 "what printf wrote holds more than one line"),
                ("secret for everybody", {"client_secret": {"file": "open-secret"}}, "everybody on this machine can read it")):
            for command in ("run", "check", "invite"):
                with self.subTest(name=name, command=command):
                    self.job(server.url, [1], partner_center=changes)
                    ended = self.expect(7, command)
                    self.assertRegex(ended.said, words)
                    self.assertIn("offboard login", ended.said)
        self.assertEqual([], server.requests)
        with self.subTest("an empty variable"):
            self.job(server.url, [1])
            self.expect(7, "run", variables={"OFFBOARD_CLIENT_SECRET": ""})
        self.assertEqual([], server.requests)
        self.expect(0, "run")

    def test_a_token_file_that_may_not_be_read_is_7_and_stays(self):
        server = self.service()
        server.add(1)
        self.job(server.url, [1])
        before = []
        if os.geteuid() == 0:  # who may read everything
            self.folder.chmod(0o755)
            for path in (self.folder, self.job_file, self.list_file):
                os.chown(path, 65534, 65534)
            before = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        else:
            self.token_file.chmod(0)
        for command in ("run", "check", "invite"):
            with self.subTest(command):
                going = harness.Going([*before, harness.OFFBOARD, command, self.job_file], self.folder,
                                      harness.environment(self.folder))
                self.addCleanup(going.close)
                ended = going.wait()
                self.assertEqual(7, ended.code, ended)
                self.assertIn(f"{self.token_file}: Permission denied", ended.said)
                self.assertIn(f"offboard login {self.job_file}", ended.said)
        self.assertEqual([], server.requests)
        self.token_file.chmod(0o600)
        self.assertEqual(REFRESH_TOKEN, self.token_file.read_text())

    def test_a_sign_in_service_without_an_answer_is_tried_again_and_then_5(self):
        server = self.service()
        server.add(1)
        for name, answer in (("503", Answer(503)), ("reset", Answer(reset=True)), ("429", Answer(429, b"")),
                             ("HTML", Answer(200, "<html>", {"Content-Type": "text/html"})), ("nothing", Answer(200, b"")),
                             ("wrong type", Answer(200, {"access_token": 42, "expires_in": {}})),
                             ("cut", lambda request, honest: Answer(200, honest().content(), cut=30))):
            with self.subTest(name):
                server.clear()
                server.requests.clear()
                server.removed.clear()
                server.next("token", answer, times=2)
                self.job(server.url, [1], ledger=f"{name}.db", retry={"max_wait": "100ms"})
                self.expect(0, "run")
                if name != "429":
                    server.always("token", answer)
                    self.job(server.url, [1], ledger=f"{name}2.db", retry={"max_wait": "100ms"})
                    self.expect(5, "run")
                    self.assertEqual("pending", self.tenant(1)["state"])

    def test_a_lifetime_that_is_odd_does_not_keep_a_run_from_its_work(self):
        server = self.service()
        for number, odd in enumerate(("3600", -1, "-1", 0, None, "soon", [], 10 ** 15, True, "absent"), 1):
            with self.subTest(odd):
                server.add(number)

                def odd_one(request, honest, odd=odd):
                    answer = honest()
                    answer.body["expires_in"] = odd
                    if odd == "absent":
                        del answer.body["expires_in"]
                    return answer
                server.clear()
                server.always("token", odd_one)
                self.job(server.url, [number], ledger=f"{number}.db")
                self.expect(0, "run")

    def test_token_answers_of_50_mb_are_7_and_cost_nothing(self):
        server = self.service()
        server.add(1)
        server.always("token", lambda request, honest: Answer(200, {**honest().body, "more": "x" * 50_000_000}))
        server.always("device_code", Answer(200, {**DEVICE_CODE, "interval": 1}))
        self.job(server.url, [1], retry={"max_wait": "50ms", "max_attempts": 2})
        for command, times in (("run", 2), ("check", 2), ("invite", 2), ("login", 1)):
            with self.subTest(command):
                server.requests.clear()
                ended = self.expect(7, command)
                self.assertIn("larger than 1048576 bytes", ended.said)
                self.assertIn("look at login_url", ended.said)
                self.assertIn(f"offboard login {self.job_file}", ended.said)
                self.assertEqual(times, len(server.of("token")))
                self.assertEqual(REFRESH_TOKEN, self.token_file.read_text())
        with self.subTest("a single one is tried again"):
            server.clear()
            server.next("token", Answer(200, {"more": "x" * 50_000_000}))
            self.expect(0, "run")

    def test_a_redirection_of_the_sign_in_is_never_followed(self):
        elsewhere = self.listener()
        server = self.service()
        server.add(1)
        self.job(server.url, [1], retry={"max_wait": "100ms"})
        for status in (301, 302, 307, 308):
            with self.subTest(status):
                server.clear()
                server.always("token", Answer(status, b"", {"Location": elsewhere.url + "/oauth2/v2.0/token"}))
                ended = self.offboard("run")
                self.assertIn(ended.code, (5, 7))
        self.assertEqual((0, b""), (elsewhere.connections, elsewhere.received))


class Hanging(harness.Case):
    def test_a_command_for_a_secret_that_hangs_is_ended_and_is_7(self):
        server = self.service()
        server.add(1)
        self.job(server.url, [1], partner_center={"client_secret": {"command": ["sleep", "1000"]}})
        going = [self.start(command) for command in ("run", "login", "invite")]
        for ended in [each.wait() for each in going]:
            self.assertEqual(7, ended.code, ended)
            self.assertIn("no client secret: sleep gave no answer within 30", ended.said)
            self.assertIn(f"offboard login {self.job_file}", ended.said)
        self.assertEqual([], server.requests)
        self.assertEqual(REFRESH_TOKEN, self.token_file.read_text())


class Rotation(harness.Case):
    def token(self):
        return self.token_file.read_text().strip()

    def test_a_new_refresh_token_is_kept_and_used_by_the_next_run(self):
        sim = self.simulator([customer(1), customer(2)], sign_in={"strict_rotation": True})
        self.job(sim.url, [1])
        self.token_file.chmod(0o644)
        before = self.token_file.stat().st_ino
        names = None
        for tenants in ([1], [1, 2]):
            old = self.token()
            self.job(sim.url, tenants)
            self.expect(0, "run")
            self.assertNotEqual(old, self.token())
            self.assertEqual(0o600, self.token_file.stat().st_mode & 0o777)
            names = names or sorted(p.name for p in self.folder.iterdir())
        self.assertNotEqual(before, self.token_file.stat().st_ino, "written beside and renamed")
        self.assertEqual(names, sorted(p.name for p in self.folder.iterdir()), "nothing is left beside it")
        self.assertEqual(0, sim.count("sign_in_refused"))

    def test_a_token_file_that_everybody_can_read_is_warned_of_and_then_private(self):
        server = self.service()
        server.add(1)
        self.job(server.url, [1])
        self.token_file.chmod(0o604)
        self.assertIn("everybody on this machine can read the refresh token", self.expect(0, "run").said)
        self.assertNotIn("everybody", self.expect(0, "run").said)

    def test_without_a_new_one_the_old_refresh_token_is_kept(self):
        server = self.service()
        server.add(1)
        server.rotate = False
        self.job(server.url, [1])
        before = self.token_file.stat()
        self.expect(0, "run")
        self.assertEqual(REFRESH_TOKEN, self.token())
        self.assertEqual(before.st_ino, self.token_file.stat().st_ino)

    def test_a_rotated_token_survives_a_run_that_comes_to_nothing(self):
        sim = self.simulator([customer(1)], sign_in={"strict_rotation": True},
                             faults=[{"match": {"kind": "customer"}, "fault": "status", "status": 403},
                                     {"match": {"kind": "relationshiprequests"}, "fault": "status", "status": 403}])
        self.job(sim.url, [1])
        self.expect(4, "check")
        self.offboard("invite")
        self.ledger.unlink()
        self.expect(4, "check")
        self.assertEqual(0, sim.count("sign_in_refused"))
        self.assertEqual(3, sim.count("tokens_issued"))

    def test_two_programs_on_one_token_file_lose_no_rotation(self):
        server = self.service()
        server.add(1)
        presented = []

        def strict(request, honest):
            # A token is good once, as where a service looks for stolen ones; and the answer takes its time.
            expected = presented[-1][1] if presented else REFRESH_TOKEN
            if request.form["refresh_token"] != expected:
                return grant_refused(700082)
            answer = honest()
            presented.append((expected, answer.body["refresh_token"]))
            time.sleep(1)
            return answer
        server.always("token", strict)
        self.job(server.url, [1], ledger="one.db")
        first = self.start("check")
        wait_until(lambda: server.of("token"), "the first asks")
        other = self.folder / "other.yaml"
        other.write_text(self.job_file.read_text().replace("one.db", "two.db"))
        ended = [self.offboard(command, job=other) for command in ("check", "invite")] + [first.wait()]
        self.assertEqual([0, 0, 0], [e.code for e in ended], ended)
        self.assertEqual(3, len(presented))
        self.assertEqual(presented[-1][1], self.token())

    def test_after_a_kill_in_the_middle_of_a_rotation_the_refusal_says_what_may_have_happened(self):
        server = self.service()
        server.add(1)
        hold = threading.Event()
        self.addCleanup(hold.set)
        server.next("token", lambda request, honest: [hold.wait(harness.TIMEOUT), honest()][1])
        self.job(server.url, [1])
        going = self.start("run")
        wait_until(lambda: server.of("token"), "the run is signing in")
        going.kill()
        self.assertEqual(REFRESH_TOKEN, self.token())
        # Where a token is good once, the old one now revokes all.
        server.always("token", grant_refused(70000))
        for command in ("run", "invite", "check"):
            ended = self.expect(7, command)
            self.assertIn("AADSTS70000", ended.said)
            self.assertIn("may have replaced the token", ended.said)
            self.assertIn(f"offboard login {self.job_file}", ended.said)
        with self.subTest("a refusal of the application says nothing of the token"):
            server.clear()
            server.next("token", grant_refused(7000215, "invalid_client", 401))
            self.assertNotIn("may have replaced", self.expect(7, "run").said)
        with self.subTest("after a login nothing of that is left"):
            server.clear()
            server.always("device_code", Answer(200, {**DEVICE_CODE, "interval": 1}))
            self.expect(0, "login")
            server.always("token", grant_refused(70000))
            self.assertNotIn("may have replaced", self.expect(7, "run").said)
        with self.subTest("nor where the old one is still good"):
            server.clear()
            self.expect(0, "run")
            server.always("token", grant_refused(70000))
            self.ledger.unlink()
            self.assertNotIn("may have replaced", self.expect(7, "run").said)

    def test_white_space_around_a_token_in_a_file_does_not_count(self):
        server = self.service()
        server.add(1)
        self.token_file.write_text(REFRESH_TOKEN + "\n")
        self.job(server.url, [1])
        self.expect(0, "run")
        self.assertEqual(REFRESH_TOKEN, server.of("token")[0].form["refresh_token"])

    def test_the_command_for_a_secret_is_not_seen_by_a_shell(self):
        server = self.service()
        server.add(1)
        self.job(server.url, [1], partner_center={"client_secret": {"command": ["printf", "%s", "a b;$HOME'\""]}})
        self.expect(0, "run")
        self.assertEqual("a b;$HOME'\"", server.of("token")[0].form["client_secret"])


class BeforeTheFirstPatch(harness.Case):
    """What the access token says of itself, and what the service says of it when asked."""
    TENANT, OTHER = "a0000001-0000-4000-8000-000000000001", "a0000002-0000-4000-8000-000000000002"
    OWN = {"tid": TENANT, "upn": "jane@contoso.com", "appid": "app-4711", "app_displayname": "Offboarding"}

    def setUp(self):
        super().setUp()
        self.server = self.service()
        self.server.add(1)

    def tokens_say(self, claims):
        def jwt(part):
            return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")

        def tokens(request, honest):
            answer = honest()
            text = claims if isinstance(claims, str) else f"{jwt({'alg': 'RS256'})}.{jwt(claims)}.c2ln"
            answer.body["access_token"] = text
            self.server.access_tokens.add(text)
            return answer
        self.server.clear()
        self.server.requests.clear()
        self.server.removed.clear()
        self.server.always("token", tokens)

    def service_says(self, word):
        def answer(request, honest):
            result = honest()
            if request.headers.get("validatemfa") == "true":
                result.headers["isMfaCompliant"] = word
            return result
        self.server.always("customer", answer)

    def go(self, code, command="run", tenant=TENANT):
        self.ledger.unlink(missing_ok=True)
        self.job(self.server.url, [1], partner_center={"tenant": tenant})
        return self.expect(code, command)

    def asked(self):
        return [r.kind for r in self.server.requests if "validatemfa" in r.headers]

    def assert_stopped(self, *words):
        ended = self.go(7)
        for word in (*words, f"offboard login {self.job_file}"):
            self.assertIn(word, ended.said)
        self.assertEqual([], self.server.of("patch"))
        self.assertNotEqual("failed", self.tenant(1)["state"])
        self.assertNotEqual(REFRESH_TOKEN, self.token_file.read_text(), "the new refresh token is kept")
        self.go(0, "check")

    def test_a_token_of_the_right_tenant_with_mfa_says_who_signed_in_and_goes_on(self):
        self.tokens_say({**self.OWN, "amr": ["pwd", "mfa"]})
        ended = self.go(0)
        self.assertIn(f"signed in as jane@contoso.com with the application Offboarding (app-4711) to the tenant {self.TENANT}",
                      ended.said)
        self.assertNotIn("eyJ", ended.said)
        self.assertEqual([], self.asked())
        self.job(self.server.url, [1], ledger="html.db", report={"html": "report.html"}, partner_center={"tenant": self.TENANT})
        self.expect(0, "check")
        who = f"jane@contoso.com with the application Offboarding (app-4711) to the tenant {self.TENANT}"
        self.assertIn(f"signed in as {who}", (self.folder / "report.html").read_text())
        for view in ("tenants", "blockers", "history", "runs"):
            self.assertIn(f"signed in as {who}", self.expect(0, "report", "--format", "html", "--view", view).text)
        self.assertIn(f"completed (exit 0), signed in as {who}", self.expect(0, "status").text)
        self.assertEqual(who, json.loads(self.expect(0, "status", "--format", "json").text)["runs"][0]["signed_in"])
        with self.subTest("the view of the runs keeps its columns"):
            self.assertEqual(",".join(harness.RUN_COLUMNS), self.expect(0, "report", "--view", "runs").text.splitlines()[0])
        with self.subTest("somebody else's run"):
            self.tokens_say("opaque-token")
            self.expect(0, "check")
            runs = json.loads(self.expect(0, "status", "--format", "json").text)["runs"]
            self.assertEqual([None, who], [run["signed_in"] for run in runs])

    def test_a_token_of_another_tenant_ends_the_run_before_a_patch(self):
        self.tokens_say({**self.OWN, "tid": self.OTHER, "amr": ["mfa"]})
        self.assert_stopped(self.TENANT, self.OTHER)

    def test_a_token_without_mfa_that_nobody_vouches_for_ends_the_run_before_a_patch(self):
        for more in ({"amr": ["pwd"]}, {}):
            with self.subTest(more):
                self.tokens_say({**self.OWN, **more})
                self.assert_stopped("multi-factor authentication")

    def test_the_service_can_vouch_for_mfa(self):
        self.tokens_say({**self.OWN, "amr": ["pwd"]})
        self.service_says("true")
        self.go(0)
        self.assertEqual(["customer"], self.asked())

    def test_the_service_can_deny_mfa_and_is_believed_about_opaque_tokens_too(self):
        for claims in ({**self.OWN, "amr": ["pwd"]}, "opaque-token"):
            with self.subTest(claims):
                self.tokens_say(claims)
                self.service_says("false")
                self.assert_stopped("without multi-factor authentication")

    def test_an_opaque_token_and_a_jwt_that_is_none_are_accepted_with_a_notice(self):
        for claims in ("opaque-token", "a.b.c", "eyJhbGciOiJub25lIn0.W10.", "..", "a.bm90IGpzb24.c"):
            with self.subTest(claims):
                self.tokens_say(claims)
                self.assertIn("opaque", self.go(0).said)

    def test_a_tenant_given_as_a_domain_cannot_be_compared_which_is_said(self):
        self.tokens_say({**self.OWN, "amr": ["mfa"]})
        self.assertIn("is the domain contoso.onmicrosoft.com", self.go(0, tenant=harness.PARTNER).said)

    def test_where_nothing_is_to_be_removed_nothing_is_objected_to(self):
        self.tokens_say({**self.OWN, "tid": self.OTHER})
        self.server.add(1, subscriptions=[{"id": "s", "status": "active"}])
        self.go(3)

    def test_login_says_who_signed_in_and_does_not_keep_a_token_of_another_tenant(self):
        self.tokens_say({**self.OWN, "amr": ["mfa"]})
        self.server.always("device_code", Answer(200, DEVICE_CODE))
        self.assertIn(f"signed in as jane@contoso.com with the application Offboarding (app-4711) to the tenant {self.TENANT}",
                      self.go(0, "login").said)
        kept = self.token_file.read_text()
        self.assertNotEqual(REFRESH_TOKEN, kept)
        ended = self.go(7, "login", tenant=self.OTHER)
        self.assertIn(self.TENANT, ended.said)
        self.assertEqual(kept, self.token_file.read_text())


class Login(harness.Case):
    def setUp(self):
        super().setUp()
        self.server = self.service()
        self.server.always("device_code", Answer(200, DEVICE_CODE))
        self.job(self.server.url, [1], retry={"max_wait": "50ms", "max_attempts": 2})

    def test_a_network_that_is_lost_for_a_while_between_the_questions_does_no_harm(self):
        self.server.next("token", Answer(reset=True), times=2)
        self.server.next("token", Answer(400, {"error": "authorization_pending"}))
        self.server.next("token", Answer(503))
        ended = self.expect(0, "login")
        self.assertEqual(2, ended.said.count("asking on until the code expires"), ended)
        self.assertEqual("rotated-refresh-not-real-1", self.token_file.read_text())

    def test_a_network_that_stays_away_until_the_code_dies_is_7_and_keeps_the_old_token(self):
        self.server.clear()
        self.server.always("device_code", Answer(200, {**DEVICE_CODE, "expires_in": "4"}))
        self.server.always("token", Answer(reset=True))
        ended = self.expect(7, "login")
        self.assertIn("the code has expired, and the sign-in service did not answer", ended.said)
        self.assertIn(f"offboard login {self.job_file}", ended.said)
        self.assertGreaterEqual(ended.seconds, 4)
        self.assertEqual(REFRESH_TOKEN, self.token_file.read_text())

    def test_where_no_token_could_be_stored_nobody_is_asked_to_sign_in(self):
        self.token_file.unlink()
        self.token_file.mkdir()
        self.assertIn(f"{self.token_file}: not a regular file", self.expect(7, "login").said)
        self.token_file.rmdir()
        (self.folder / "refresh-token.lock").mkdir()
        self.assertIn("no refresh token could be stored", self.expect(7, "login").said)
        self.assertEqual([], self.server.requests)

    def test_a_code_that_nobody_uses_is_7_when_it_dies(self):
        self.server.clear()
        self.server.always("device_code", Answer(200, {**DEVICE_CODE, "expires_in": 2}))
        self.server.always("token", Answer(400, {"error": "authorization_pending"}))
        self.assertIn("the code has expired before anybody signed in", self.expect(7, "login").said)
        self.assertEqual(REFRESH_TOKEN, self.token_file.read_text())

    def test_a_service_that_is_out_of_reach_from_the_start_is_5(self):
        self.server.clear()
        self.server.always("device_code", Answer(reset=True))
        self.assertIn("try again later", self.expect(5, "login").said)
        self.assertEqual(REFRESH_TOKEN, self.token_file.read_text())

    def test_a_login_waits_for_a_run_that_is_renewing_the_token_and_its_own_is_the_one_that_stays(self):
        hold = threading.Event()
        self.addCleanup(hold.set)
        self.server.add(1)
        self.server.next("token", lambda request, honest: [honest(), hold.wait(harness.TIMEOUT)][0])
        going = self.start("check")
        wait_until(lambda: self.server.of("token"), "the check is signing in")
        login = self.start("login")
        wait_until(lambda: len(self.server.of("token")) == 2, "the person has signed in")
        time.sleep(0.5)
        self.assertEqual(REFRESH_TOKEN, self.token_file.read_text())
        hold.set()
        self.assertEqual((0, 0), (going.wait().code, login.wait().code))
        self.assertEqual("rotated-refresh-not-real-2", self.token_file.read_text())

    def test_a_client_proves_itself_when_it_asks_for_a_code_too(self):
        self.expect(0, "login")
        asked = [request.form.get("client_secret") for request in self.server.requests]
        self.assertEqual([CLIENT_SECRET] * len(asked), asked)


class Certificate(harness.Case):
    """A client that proves itself by a signed assertion; what it signed is checked by the openssl command."""

    def setUp(self):
        super().setUp()
        self.server = self.service()
        self.server.add(1)
        self.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=offboard", "-days", "1",
                     "-keyout", "key.pem", "-out", "app.pem")

    def openssl(self, *arguments):
        return subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL).stdout

    def job_with(self, file="app.pem", key="key.pem"):
        self.job(self.server.url, [1], partner_center={
            "client_secret": None, "client_certificate": {"file": file, **({"key": key} if key else {})}})

    def assert_signed(self, assertion):
        """Returns the claims."""
        signed, _, signature = assertion.rpartition(".")
        (self.folder / "signed").write_text(signed)
        (self.folder / "signature").write_bytes(decoded(signature))
        (self.folder / "public.pem").write_bytes(self.openssl("x509", "-in", "app.pem", "-noout", "-pubkey"))
        self.openssl("dgst", "-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32",
                     "-verify", "public.pem", "-signature", "signature", "signed")
        header, claims = (json.loads(decoded(part)) for part in signed.split("."))
        fingerprint = self.openssl("x509", "-in", "app.pem", "-noout", "-fingerprint", "-sha256").decode()
        self.assertEqual({"alg": "PS256", "typ": "JWT"}, {key: header[key] for key in ("alg", "typ")})
        self.assertEqual(bytes.fromhex(fingerprint.rpartition("=")[2].strip().replace(":", "")),
                         decoded(header["x5t#S256"]))
        return claims

    def test_every_sign_in_is_signed_anew_and_for_the_token_address(self):
        self.server.next("token", Answer(503))
        self.job_with()
        self.expect(0, "run")
        claims = []
        for request in self.server.of("token"):
            self.assertNotIn("client_secret", request.form)
            self.assertEqual("urn:ietf:params:oauth:client-assertion-type:jwt-bearer", request.form["client_assertion_type"])
            claims.append(self.assert_signed(request.form["client_assertion"]))
        self.assertEqual(2, len(claims))
        self.assertEqual(2, len({c["jti"] for c in claims}))
        for c in claims:
            self.assertEqual(f"{self.server.url}/{harness.PARTNER}/oauth2/v2.0/token", c["aud"])
            self.assertEqual((harness.CLIENT_ID, harness.CLIENT_ID), (c["iss"], c["sub"]))
            self.assertLess(c["nbf"], time.time() - 60)
            self.assertGreater(c["exp"], time.time() + 60)

    @unittest.skipIf(os.geteuid() != 0, "nobody but root can look into its memory")
    def test_what_a_sign_in_was_made_with_is_gone_from_memory_afterwards(self):
        hold = threading.Event()
        self.addCleanup(hold.set)
        self.server.next("subscriptions", lambda request, honest: [hold.wait(harness.TIMEOUT), honest()][1])
        self.job_with()
        going = self.start("run")
        wait_until(lambda: self.server.of("subscriptions"), "the run reads")
        memory = harness.memory_of(going.pid)
        hold.set()
        self.assertEqual(0, going.wait().code)
        self.assertLess(0, memory.find(b"access-token-not-real-1"), "what is still needed is there")
        assertion = self.server.of("token")[0].form["client_assertion"]
        # But for the modulus, which the certificate tells as well.
        key = (self.folder / "key.pem").read_text().splitlines()[8:-1]
        for secret in (assertion, assertion.rpartition(".")[2], *key):
            self.assertEqual(-1, memory.find(secret.encode()), "it is still there")

    def test_certificate_and_key_in_one_file(self):
        both = self.folder / "both.pem"
        both.write_text((self.folder / "key.pem").read_text() + (self.folder / "app.pem").read_text())
        both.chmod(0o600)
        self.job_with("both.pem", None)
        self.expect(0, "run")
        self.assert_signed(self.server.of("token")[0].form["client_assertion"])

    def test_a_key_that_is_of_no_use_is_7_and_nobody_is_asked(self):
        self.openssl("genrsa", "-out", "other.pem", "2048")
        self.openssl("rsa", "-in", "other.pem", "-aes128", "-passout", "pass:x", "-out", "locked.pem")
        (self.folder / "open.pem").write_bytes((self.folder / "key.pem").read_bytes())
        (self.folder / "open.pem").chmod(0o644)
        for file, key, words in (("absent.pem", "key.pem", "absent.pem"), ("app.pem", "absent.pem", "absent.pem"),
                                 ("app.pem", "open.pem", "everybody on this machine can read it"),
                                 ("app.pem", "other.pem", "does not belong to the certificate"),
                                 ("app.pem", "locked.pem", "without a passphrase"),
                                 ("app.pem", None, "can read it|no private key")):
            for command in ("run", "check", "login", "invite"):
                with self.subTest(key=key, command=command):
                    self.job_with(file, key)
                    ended = self.expect(7, command)
                    self.assertRegex(ended.said, words)
                    self.assertNotIn("BEGIN", ended.said)
        self.assertEqual([], self.server.requests)


class TwoHosts(harness.Case):
    def test_neither_host_learns_what_is_the_others(self):
        base, login = self.service(), self.service()
        base.add(1)
        login.access_tokens = base.access_tokens
        base.next("subscriptions", lambda request, honest: collection([], next_link=login.url + "/v1/customers/x"), number=1)
        self.job(base.url, [1], partner_center={"login_url": login.url})
        self.expect(3, "run")
        self.assertEqual(["token"], [r.kind for r in login.requests])
        self.assertNotIn("authorization", login.requests[0].headers)
        seen = b"".join(r.body + repr(r.headers).encode() + r.target.encode() for r in base.requests)
        self.assertGreater(len(base.requests), 2)
        for secret in (CLIENT_SECRET, REFRESH_TOKEN):
            self.assertNotIn(secret.encode(), seen)

    def test_a_proxy_of_the_environment_is_not_told_what_goes_to_loopback(self):
        proxy = self.listener()
        server = self.service()
        server.add(1)
        self.job(server.url, [1])
        self.expect(0, "run", variables={"http_proxy": proxy.url, "all_proxy": proxy.url, "HTTP_PROXY": proxy.url})
        self.assertEqual(0, proxy.connections)


if __name__ == "__main__":
    harness.main()
