"""No secret or token is ever in the ledger, a report, a log or a command line, or sent to another host."""
import base64
import pathlib
import threading
import urllib.parse

import harness
from harness import Answer, collection, guid, wait_until

SECRET = "client/secret+with=signs&8c1f-0123456789abcdef"
REFRESH = "0.refresh-token.first_" + "Rf5" * 40
ACCESS = "eyJ0eXAi.access-token." + "Ac7" * 150


def parts(secret):
    """What must not be found: the secret, any piece of it that is long enough to be of use, and its other spellings."""
    step, size = 8, 24
    pieces = {secret[at:at + size] for at in range(0, max(1, len(secret) - size), step)}
    return {secret, urllib.parse.quote(secret, safe=""), urllib.parse.quote_plus(secret),
            base64.b64encode(secret.encode()).decode(), *pieces}


class Echoing(harness.ScriptedService):
    """Everything it was told comes back in what it says."""

    def __init__(self):
        super().__init__()
        self.secrets = {SECRET, REFRESH}
        self.echoed = 0
        self.remembers = False  # what other requests than this one said
        self.encoded = False    # a form as it was sent, percent signs and all

    def _tokens(self):
        self.issued += 1
        access = f"{self.issued:03d}{ACCESS}"
        refresh = f"{self.issued:03d}.rotated." + "Rn3" * 40
        self.secrets |= {access, refresh}
        self.access_tokens.add(access)
        return Answer(200, {"token_type": "Bearer", "expires_in": 3600, "access_token": access, "refresh_token": refresh})

    def told(self, request):
        """All that this request said, and what was said to the same host before, if `remembers`."""
        self.echoed += 1
        body = request.body.decode("utf-8", "replace")
        texts = [request.headers.get("authorization", "")]
        texts += [body, urllib.parse.unquote_plus(body)] if self.encoded else [urllib.parse.unquote_plus(body)]
        texts += [REFRESH, SECRET] if self.remembers else []
        return " ".join(text for text in texts if text)

    def error(self, status, fields=("description", "message", "errorName", "source"), **more):
        def answer(request, honest):
            text = self.told(request)
            return Answer(status, {"code": 4711, "data": [text], **{field: text for field in fields}, **more},
                          {"X-Echo": text[:500], "MS-CV": text[:500]})
        return answer

    def raw(self, status, kind="text/html"):
        return lambda request, honest: Answer(status, f"<html>{self.told(request)}</html>", {"Content-Type": kind})


class Secrets(harness.Case):
    def setUp(self):
        super().setUp()
        self.server = Echoing()
        self.addCleanup(self.server.close)
        self.token_file.write_text(REFRESH)
        self.token_file.chmod(0o600)
        self.variables = {"OFFBOARD_CLIENT_SECRET": SECRET}
        self.outputs = {}

    def go(self, name, command, *options):
        ended = self.offboard(command, *options, variables=self.variables)
        self.outputs[f"{name}, standard output"] = ended.out
        self.outputs[f"{name}, standard error"] = ended.err
        return ended

    def assert_nothing_leaked(self, at_least):
        """In no output so far and in no file but the token's, whatever its name."""
        self.assertGreaterEqual(self.server.echoed, at_least, "the service did say them")
        for view in ("tenants", "blockers", "history", "runs"):
            for form in ("csv", "json", "html"):
                self.outputs[f"{view} as {form}"] = self.go("report", "report", "--view", view, "--format", form).out
        self.go("status", "status")
        self.go("status", "status", "--format", "json")
        self.go("verify", "verify")
        places = dict(self.outputs)
        for path in self.folder.rglob("*"):
            if path.is_file() and path != self.token_file and path.name not in ("secret.txt", "refresh-token-2"):
                places[str(path.relative_to(self.folder))] = path.read_bytes()
        self.assertIn("job.db", places)
        for secret in self.server.secrets:
            for part in parts(secret):
                for place, content in places.items():
                    found = content.find(part.encode())
                    self.assertEqual(-1, found, f"in {place}: …{content[max(0, found - 60):found + 60]!r}…")

    def write_job(self, listed, **changes):
        self.job(self.server.url, listed, **harness.merged(
            {"report": {"csv": "r.csv", "json": "r.json", "html": "r.html"}, "retry": {"max_wait": "50ms", "max_attempts": 2}}, changes))

    def errors(self, **kinds):
        """A tenant for every kind of error at every turn, in a check and in a run."""
        error, raw = self.server.error, self.server.raw
        self.server.next("customer", error(429, **kinds), 1, times=2)
        answers = [("customer", error(400, **kinds)), ("customer", error(404, **kinds)), ("customer", error(500, **kinds)),
                   ("subscriptions", error(403, **kinds)), ("entitlements", error(409, isRetryable=True, **kinds)),
                   ("customer", raw(502)), ("customer", raw(200)), ("customer", raw(400)), ("patch", error(400, **kinds)),
                   ("patch", error(503, **kinds)), ("patch", raw(200)), ("patch", error(403, **kinds)), ("customer", error(302, **kinds)),
                   ("patch", lambda request, honest: Answer(200, {"RelationshipToPartner": self.server.told(request)}))]
        self.server.add(1)
        for number, (kind, answer) in enumerate(answers, 2):
            self.server.add(number)
            self.server.always(kind, answer, number)
        self.write_job(list(range(1, len(answers) + 2)), workers=1, policy={"retry_failed": True})
        self.go("check", "check", "-v")
        # A program knows the secrets of its own time; what an earlier one signed in with is gone with it.
        self.token_file.write_text(REFRESH)
        self.go("run", "run", "--verbose")
        self.assertIn("failed", self.states())
        self.assert_nothing_leaked(15)

    def test_errors_that_repeat_what_was_sent(self):
        self.errors()

    def test_error_codes_that_repeat_what_was_sent(self):
        self.errors(fields=("code",))

    def test_errors_that_repeat_what_was_sent_before(self):
        self.server.remembers = True
        self.errors()

    def test_data_that_repeat_what_was_sent(self):
        def customer_answer(request, honest):
            text = self.server.told(request)
            return Answer(200, {"id": request.customer, "relationshipToPartner": text, "customDomains": [text],
                                "companyProfile": {"companyName": text, "domain": text}})

        def items(field):
            return lambda request, honest: collection([{"id": self.server.told(request), field: self.server.told(request),
                                                        "referenceOrder": {"id": self.server.told(request)}}])

        def next_link(address):
            return lambda request, honest: collection([], 3, address + "/" + urllib.parse.quote(self.server.told(request), safe=""))
        self.server.next("customer", customer_answer, 1)
        for number, field in enumerate(("status", "offerName", "friendlyName", "offerId", "billingType"), 2):
            self.server.always("subscriptions", items(field), number)
        for number, field in enumerate(("entitlementType", "productId", "skuId"), 7):
            self.server.always("entitlements", items(field), number)
        self.server.always("subscriptions", next_link("https://elsewhere.example"), 10)
        self.server.always("subscriptions", next_link("/customers/" + guid(11)), 11)
        for number in range(1, 12):
            self.server.add(number)
        self.write_job([{"tenant_id": guid(1), "company_name": "Fabrikam", "domain": "fabrikam.com"}, *range(2, 12)])
        self.go("run", "run", "-v")
        self.assertEqual({"blocked"}, set(self.states()[:10]))
        self.assertNotIn("patched", self.states())
        self.assert_nothing_leaked(11)

    def cut_in_the_middle(self, field):
        # Where a text is cut before the token is taken out of it, its beginning is left over.
        paddings = list(range(0, 400, 20)) + list(range(400, 520, 10)) + [900, 990, 1000, 1010, 1900, 1980, 2000, 4000, 4080]
        for number, padding in enumerate(paddings, 1):
            self.server.add(number)

            def padded(request, honest, padding=padding):
                self.server.echoed += 1
                return Answer(400, {"code": 4711, "description": "x", field: "y" * padding + request.token})
            self.server.always("customer", padded, number)
        self.write_job(list(range(1, len(paddings) + 1)))
        self.go("run", "run", "-v")
        self.assertEqual({"failed"}, set(self.states()))
        self.assert_nothing_leaked(len(paddings))

    def test_an_explanation_that_is_cut_in_the_middle_of_a_token(self):
        self.cut_in_the_middle("description")

    def test_a_code_that_is_cut_in_the_middle_of_a_token(self):
        self.cut_in_the_middle("code")

    def refused_sign_in(self):
        self.server.add(1)

        def refused(request, honest):
            text = self.server.told(request)
            return Answer(400, {"error": "invalid_grant", "error_description": f"AADSTS700082: {text}", "error_codes": [700082],
                                "trace_id": text, "claims": text})
        self.server.always("token", refused)
        self.write_job([1])
        for command in ("run", "check", "invite"):
            ended = self.go(command, command, "-v")
            self.assertEqual(7, ended.code, ended)
            self.assertIn("AADSTS700082", ended.said)
        self.assert_nothing_leaked(3)

    def test_a_sign_in_that_is_refused_with_all_that_was_sent(self):
        self.refused_sign_in()

    def test_a_sign_in_that_is_refused_with_the_form_as_it_was_sent(self):
        self.server.encoded = True
        self.refused_sign_in()

    def test_a_sign_in_that_is_garbled(self):
        self.server.add(1)
        self.server.next("token", self.server.raw(200))
        self.server.next("token", self.server.raw(500))
        self.server.next("token", self.server.raw(400))
        self.write_job([1], retry={"max_attempts": 3})
        self.assertIn(self.go("run", "run", "-v").code, (5, 7))
        self.assert_nothing_leaked(3)

    def test_a_401_that_repeats_the_token(self):
        self.server.add(1)
        self.server.always("subscriptions", self.server.error(401))
        self.write_job([1])
        self.assertEqual(7, self.go("run", "run", "-v").code)
        self.assert_nothing_leaked(2)

    def test_login_tells_nothing_but_the_code(self):
        device = "device-code-not-to-be-shown-" + "Dv9" * 20
        self.server.add(1)
        self.server.always("device_code", lambda request, honest: Answer(200, {
            "user_code": "SHOW-THIS", "device_code": device, "verification_uri": "https://microsoft.com/devicelogin",
            "expires_in": 900, "interval": 1, "message": f"Use {device}"}))
        self.server.secrets.add(device)

        def pending(request, honest):
            text = self.server.told(request)
            return Answer(400, {"error": "authorization_pending", "error_description": f"AADSTS70016: {text}", "error_codes": [70016]})
        self.server.next("token", pending)
        self.write_job([1])
        ended = self.go("login", "login", "-v")
        self.assertEqual(0, ended.code, ended)
        self.assertIn("SHOW-THIS", ended.said)
        self.assertEqual(0, self.go("run", "run", "-v").code)
        self.assert_nothing_leaked(1)

    def test_all_is_well_and_nothing_shows_either(self):
        self.server.add(1)
        self.write_job([1])
        self.assertEqual(0, self.go("run", "run", "-v").code)
        self.assertEqual(0, self.go("invite", "invite", "-v").code)
        self.assert_nothing_leaked(0)

    def test_nothing_shows_while_a_run_goes_on_nor_in_its_command_line(self):
        self.server.add(1)
        self.server.add(2)
        hold = threading.Event()
        self.addCleanup(hold.set)
        self.server.next("subscriptions", self.server.error(400), 1)
        self.server.next("patch", lambda request, honest: [hold.wait(harness.TIMEOUT), honest()][1], 2)
        (self.folder / "secret.txt").write_text(SECRET)
        # The command's folder is nobody's promise, so it gets a whole path.
        self.write_job([1, 2], partner_center={"client_secret": {"command": ["cat", str(self.folder / "secret.txt")]}})
        going = self.start("run", "-v", variables={"OFFBOARD_CLIENT_SECRET": None})
        seen = set()

        def patching():
            for process in pathlib.Path("/proc").iterdir():
                try:
                    if process.name.isdigit() and pathlib.Path(process, "cwd").resolve() == self.folder:
                        seen.add(pathlib.Path(process, "cmdline").read_bytes())
                except OSError:
                    pass  # it ended meanwhile
            return self.server.of("patch")
        wait_until(patching, "the PATCH is under way", every=0.002)
        self.assertTrue(any(b"offboard" in line for line in seen), seen)
        self.outputs["command lines"] = b"\n".join(seen)
        self.outputs["so far"] = going.said().encode()
        limits = pathlib.Path("/proc", str(going.pid), "limits").read_text()
        self.assertRegex(limits, r"Max core file size +0 +0 ")
        self.assertTrue((self.folder / "job.db-wal").exists())
        self.assert_nothing_leaked(1)
        hold.set()
        ended = going.wait()
        self.assertEqual(4, ended.code, ended)
        self.outputs["at the end"] = ended.out + ended.err
        self.assert_nothing_leaked(1)


if __name__ == "__main__":
    harness.main()
