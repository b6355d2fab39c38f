"""How answers are read: every row of the table, for reads and for the PATCH."""
import json
import re
import uuid

import harness
from harness import Answer, collection, guid, patched

GARBAGE = bytes(range(128, 256)) * 8


def error(status, code="2000", text="Something.", **more):
    return Answer(status, {"code": code, "description": text, "data": [], "source": "PartnerFD", **more})


def cut_without_length(request, honest):
    data = honest().content()
    return Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" + data[:len(data) // 2])


def cut_chunk(request, honest):
    data = honest().content()
    return Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" +
                  f"{len(data):x}\r\n".encode() + data + b"\r\n")


def with_body(change):
    """The honest answer, its bytes changed."""
    def answer(request, honest):
        whole = honest()
        return Answer(whole.status, change(whole.content()))
    return answer


HTML = Answer(200, "<html><body>Sign in, please.</body></html>", {"Content-Type": "text/html"})

# What a read is to be tried again after. The request itself has had its effect or not: for reads it is all one.
AGAIN = {
    "reset": Answer(reset=True),
    "closed without a byte": Answer(raw=b""),
    "closed within the headers": Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Ty"),
    "garbage instead of HTTP": Answer(raw=GARBAGE),
    "body cut": lambda request, honest: Answer(200, honest().content(), cut=20),
    "body cut, no length": cut_without_length,
    "last chunk missing": cut_chunk,
    "no answer in time": Answer(503, delay=6),
    "half of the JSON": with_body(lambda data: data[:len(data) // 2]),
    "JSON and more": with_body(lambda data: data + b"]"),
    "two objects": with_body(lambda data: data + data),
    "no UTF-8": with_body(lambda data: data.replace(b'ttributes"', b'ttrib\xff\xfe"', 1)),
    "garbage": Answer(200, GARBAGE),
    "nothing": Answer(200, b""),
    "a mark and nothing": Answer(200, b"\xef\xbb\xbf"),
    "blanks": Answer(200, b"   \r\n"),
    "HTML": HTML,
    "a list": Answer(200, []),
    "a text": Answer(200, '"none"'),
    "null": Answer(200, "null"),
    "nested deep": Answer(200, '{"items":' + "[" * 100000 + "]" * 100000 + "}"),
    "408": error(408), "500": error(500), "502": Answer(502, "<html>Bad Gateway</html>", {"Content-Type": "text/html"}),
    "503": Answer(503, b""), "504": error(504), "599": error(599),
    "400, retryable": error(400, "600061", isRetryable=True),
    "409, retryable": error(409, 600061, isRetryable=True),
    **{f"409 {code}": error(409, code, "The request cannot be processed now. Please try again later.")
       for code in ("800060", "800064", 800082, "900101", "900104", 900278)},
}

WRONG_SHAPE = {
    "customer": {"a list for a word": {"id": None, "relationshipToPartner": ["reseller"]},
                 "a number for a word": {"relationshipToPartner": 1},
                 "a profile that is none": {"companyProfile": "none", "relationshipToPartner": "reseller"}},
    "subscriptions": {"no items": {"totalCount": 0}, "items null": {"totalCount": 0, "items": None},
                      "items a map": {"totalCount": 0, "items": {"0": None}}, "items a text": {"items": "none"},
                      "an item that is none": {"totalCount": 1, "items": [None]},
                      "an item that is a text": {"totalCount": 1, "items": ["active"]},
                      "a count that is a text": {"totalCount": "many", "items": []},
                      "links that are a list": {"totalCount": 0, "items": [], "links": [1]}},
}
WRONG_SHAPE["entitlements"] = WRONG_SHAPE["subscriptions"]

FAILED = {**{f"{status}": error(status, "4711") for status in (400, 403, 404, 405, 406, 409, 410, 412, 417, 422, 451)},
          "3000 that says something else": error(400, "3000", "Invalid property"),
          "not retryable": error(409, 600061, isRetryable=False),
          "empty 403": Answer(403, b""), "HTML 403": Answer(403, "<html>no</html>", {"Content-Type": "text/html"})}

NO_RELATIONSHIP = {
    "20002 as a number": error(403, 20002, "No relationship between caller and account."),
    "20002 as a text": error(403, "20002", "The partner ID 1 has no commerce relationship with the customer ID 2."),
    "3000": error(400, "3000", "The relationship between the partner and customer does not exist"),
    "900159": error(403, "900159", "The partner with account ID 1 has no commerce relationship with the customer 2."),
}


class Alternating(harness.Case):
    """Odd tenants meet what is tried, even ones meet nothing, one after the other: so that the service never looks down."""

    def setUp(self):
        super().setUp()
        self.server = self.service()
        self.cases = []

    def add(self, name, kind, answer, **more):
        number = 2 * len(self.cases) + 1
        self.cases.append((name, number))
        self.server.add(number, **more)
        self.server.add(number + 1)
        if answer is not None:
            self.server.next(kind, answer, number)
        return number

    def go(self, code, **changes):
        rows, ended = self.go_to_any_end(**changes)
        self.assertEqual(code, ended.code, ended)
        return rows

    def go_to_any_end(self, **changes):
        self.job(self.server.url, list(range(1, 2 * len(self.cases) + 1)), workers=1,
                 **harness.merged({"retry": {"max_wait": "100ms", "timeout": "3s", "max_attempts": 4}}, changes))
        ended = self.offboard("run")
        rows = self.report()
        self.assertEqual({"patched"}, {row["state"] for row in rows[1::2]}, ended.said)
        return {name: rows[number - 1] for name, number in self.cases}, ended

    def each(self, rows):
        return [(name, number, rows[name]) for name, number in self.cases]


class Reads(Alternating):
    def test_every_trouble_of_the_moment_is_tried_again(self):
        for kind in ("customer", "subscriptions", "entitlements"):
            for name, answer in AGAIN.items():
                if not (name == "no answer in time" and kind != "customer"):
                    self.add((kind, name), kind, answer)
        for name, number, row in self.each(self.go(0)):
            with self.subTest(name):
                self.assertEqual("patched", row["state"], row)
                self.assertEqual(5, len(self.server.of(None, number)), self.server.kinds(number))
                self.assertEqual(1, len(self.server.of("patch", number)))

    def test_an_answer_of_the_wrong_shape_is_tried_again(self):
        for kind, bodies in WRONG_SHAPE.items():
            for name, body in bodies.items():
                self.add((kind, name), kind, Answer(200, body))
        for name, number, row in self.each(self.go(0)):
            with self.subTest(name):
                self.assertEqual("patched", row["state"], row)
                self.assertEqual(5, len(self.server.of(None, number)), self.server.kinds(number))

    def test_what_stays_cut_or_wrong_leaves_the_tenant_as_it_is(self):
        # One tenant at a time: several would look like a service that is down.
        for number, name in enumerate(("reset", "body cut", "half of the JSON", "nothing", "HTML", "503", "408",
                                       "400, retryable"), 1):
            with self.subTest(name):
                self.server.add(number)
                self.server.always("entitlements", AGAIN[name], number)
                self.job(self.server.url, [number], ledger=f"{number}.db", retry={"max_wait": "100ms", "max_attempts": 4})
                self.expect(5, "run")
                row = self.tenant(number)
                self.assertEqual(("pending", ""), (row["state"], row["patched_at"]))
                self.assertNotEqual("", row["detail"])
                # libcurl itself repeats a read once if a connection in use turns out to be dead.
                most = 8 if name == "reset" else 4
                self.assertIn(len(self.server.of("entitlements", number)), range(4, most + 1), "max_attempts is 4")
                self.assertEqual([], self.server.of("patch", number))
                if name in ("503", "408"):
                    self.assertEqual(name, row["http_status"])
                if name == "400, retryable":
                    self.assertEqual(("400", "600061"), (row["http_status"], row["error_code"]))
                self.server.clear()
                self.expect(0, "run")
                self.assertEqual("patched", self.tenant(number)["state"])

    def test_a_word_of_another_type_is_not_acted_upon(self):
        for word in (["deleted"], {"value": "deleted"}, 3, True, False):
            number = self.add(str(word), "subscriptions", None)
            self.server.always("subscriptions", collection([{"id": "s", "status": word}]), number)
        rows, _ = self.go_to_any_end()
        for name, number, row in self.each(rows):
            with self.subTest(name):
                self.assertNotEqual("patched", row["state"])
                self.assertEqual([], self.server.of("patch", number))

    def test_any_other_4xx_is_a_definite_no(self):
        for kind in ("customer", "subscriptions", "entitlements"):
            for name, answer in FAILED.items():
                self.add((kind, name), kind, answer)
        rows = self.go(4)
        for name, number, row in self.each(rows):
            with self.subTest(name):
                self.assertEqual("failed", row["state"], row)
                self.assertEqual({"customer": 1, "subscriptions": 2, "entitlements": 3}[self.server.kinds(number)[-1]],
                                 len(self.server.of(None, number)), "asked once")
        self.assertEqual(("404", "4711"), (rows["customer", "404"]["http_status"], rows["customer", "404"]["error_code"]))
        self.assertEqual("failed", rows["subscriptions", "404"]["state"])
        last = self.server.of("subscriptions", self.cases[list(rows).index(("subscriptions", "404"))][1])[-1]
        self.assertEqual((last.request_id, last.correlation_id),
                         (rows["subscriptions", "404"]["request_id"], rows["subscriptions", "404"]["correlation_id"]))

    def test_no_relationship_is_already_removed(self):
        for kind in ("customer", "subscriptions", "entitlements"):
            for name, answer in NO_RELATIONSHIP.items():
                self.add((kind, name), kind, answer)
        for name, number, row in self.each(self.go(0)):
            with self.subTest(name):
                self.assertEqual("patched", row["state"], row)
                self.assertEqual("already-removed", self.query(
                    "select reason from history where tenant_id = ? order by seq desc", guid(number))[0][0])
                self.assertEqual([], self.server.of("patch", number))

    def test_a_redirection_is_never_followed(self):
        elsewhere = self.listener()
        for kind in ("customer", "subscriptions", "entitlements"):
            for status in (300, 301, 302, 303, 304, 307, 308):
                self.add((kind, status, "away"), kind, Answer(status, b"", {"Location": elsewhere.url + "/v1/x"}))
            self.add((kind, "here"), kind, Answer(302, b"", {"Location": "/v1/customers/" + guid(2)}))
        for name, number, row in self.each(self.go(4)):
            with self.subTest(name):
                self.assertEqual("failed", row["state"], row)
                self.assertEqual([], self.server.of("patch", number))
        self.assertEqual((0, b""), (elsewhere.connections, elsewhere.received))
        self.assertFalse([r for r in self.server.requests if r.kind == "other"])

    def test_answers_are_taken_in_either_spelling_with_or_without_a_mark(self):
        def pascal(value):
            if isinstance(value, dict):
                return {key[:1].upper() + key[1:]: pascal(item) for key, item in value.items()}
            return [pascal(item) for item in value] if isinstance(value, list) else value

        def respelled(request, honest):
            return Answer(200, pascal(json.loads(honest().content().decode("utf-8-sig"))))
        number = self.add("pascal", "", None, subscriptions=[{"id": "s", "offerName": "Mail", "status": "active"}])
        for kind in ("customer", "subscriptions", "entitlements"):
            self.server.always(kind, respelled, number)
        free = self.add("pascal, free", "", None)
        for kind in ("customer", "subscriptions", "entitlements"):
            self.server.always(kind, respelled, free)
        self.add("camel", "", None, subscriptions=[{"id": "s", "status": "active"}])
        rows = self.go(3)
        self.assertEqual(("blocked", "active-subscription:s"), (rows["pascal"]["state"], rows["pascal"]["blockers"]))
        self.assertEqual("patched", rows["pascal, free"]["state"])
        self.assertEqual("active-subscription:s", rows["camel"]["blockers"])

    def test_an_answer_that_says_two_things_is_not_acted_upon(self):
        def doubled(kind, body):
            number = self.add((kind, body), kind, None)
            self.server.always(kind, Answer(200, body), number)
        doubled("customer", '{"relationshipToPartner":"none","relationshipToPartner":"reseller"}')
        doubled("customer", '{"relationshipToPartner":"reseller","relationshipToPartner":"none"}')
        doubled("customer", '{"relationshipToPartner":"reseller","RelationshipToPartner":"none"}')
        doubled("subscriptions", '{"totalCount":1,"items":[{"id":"s","status":"active","status":"deleted"}]}')
        doubled("subscriptions", '{"totalCount":1,"items":[{"id":"s","Status":"deleted","status":"active"}]}')
        doubled("subscriptions", '{"totalCount":1,"items":[],"items":[{"id":"s","status":"active"}]}')
        doubled("subscriptions", '{"totalCount":1,"items":[{"id":"s","status":"active"}],"items":[],"totalCount":0}')
        doubled("entitlements", '{"items":[{"entitlementType":"software"}],"Items":[]}')
        for name, number, row in self.each(self.go(5)):
            with self.subTest(name):
                self.assertNotEqual("patched", row["state"], row)
                self.assertEqual([], self.server.of("patch", number))

    def test_an_answer_about_another_customer_is_not_taken_for_this_one(self):
        number = self.add("other", "customer", None)
        body = dict(self.server.customers[guid(number)]["customer"], id=guid(number + 1))
        self.server.always("customer", Answer(200, body), number)
        row, = [row for _, _, row in self.each(self.go(5))]
        self.assertNotEqual("patched", row["state"])
        self.assertEqual([], self.server.of("patch", number))

    def test_more_announced_than_delivered_is_incomplete(self):
        number = self.add("short", "subscriptions", None)
        self.server.always("subscriptions", lambda request, honest: collection([{"id": "s", "status": "deleted"}], total=2), number)
        row, = [row for _, _, row in self.each(self.go(3))]
        self.assertTrue(row["blockers"].startswith("incomplete-answer:"), row)

    def test_a_next_link_that_was_seen_before_is_incomplete(self):
        number = self.add("circle", "subscriptions", None)
        page = iter(range(100))

        def circle(request, honest):
            at = next(page) % 2
            return collection([{"id": f"s{at}", "status": "deleted"}], 4, f"/customers/{guid(number)}/subscriptions?seek=Next",
                              [("MS-ContinuationToken", f"t{at}")])
        self.server.always("subscriptions", circle, number)
        row, = [row for _, _, row in self.each(self.go(3))]
        self.assertTrue(row["blockers"].startswith("incomplete-answer:"), row)
        self.assertLessEqual(len(self.server.of("subscriptions", number)), 5)

    def test_the_headers_of_a_next_link_travel_with_the_request(self):
        number = self.add("two pages", "subscriptions", None)
        self.server.next("subscriptions", collection([{"id": "a", "status": "deleted"}], 2,
                         f"/customers/{guid(number)}/subscriptions?seek=Next", [("MS-ContinuationToken", "token-of-page-2")]), number)
        self.server.next("subscriptions", collection([{"id": "b", "status": "active"}], 2), number)
        row, = [row for _, _, row in self.each(self.go(3))]
        self.assertEqual("active-subscription:b", row["blockers"])
        second = self.server.of("subscriptions", number)[1]
        self.assertEqual("token-of-page-2", second.headers.get("ms-continuationtoken"))
        self.assertIn("seek=Next", second.target)


class ThePatch(Alternating):
    def done(self, answer):
        """The removal takes place, and this is what comes back."""
        def carried_out(request, honest):
            whole = honest()
            return answer(request, lambda: whole) if callable(answer) else answer
        return carried_out

    def dropped(self, answer):
        """The removal does not take place."""
        return (lambda request, honest: answer(request, patched)) if callable(answer) else answer

    UNANSWERED = {
        **AGAIN,
        "200, reseller": patched("reseller"),
        "200, null": patched(None),
        "200, empty word": patched(""),
        "200, a list": patched(["none"]),
        "200, nothing said": Answer(200, {"Id": None}),
        "200, none elsewhere": Answer(200, {"Attributes": {"RelationshipToPartner": "none"}}),
        "200, none and reseller": Answer(200, '{"RelationshipToPartner":"none","RelationshipToPartner":"reseller"}'),
    }

    def assert_read_back_between(self, number, patches):
        """So many PATCHes, all with one MS-RequestId, and a look at the customer after each but a sure one."""
        requests = self.server.of(None, number)
        sent = [r for r in requests if r.kind == "patch"]
        self.assertEqual(patches, len(sent), self.server.kinds(number))
        self.assertEqual(1, len({r.request_id for r in sent}), "one request id")
        for one, next_one in zip(sent, sent[1:]):
            between = [r.kind for r in requests if one.seq < r.seq < next_one.seq]
            self.assertIn("customer", between, "read back before it is sent again")

    def test_an_unanswered_patch_that_did_nothing_is_read_back_and_sent_again_with_the_same_id(self):
        for name, answer in self.UNANSWERED.items():
            self.add(name, "patch", self.dropped(answer))
        for name, number, row in self.each(self.go(0)):
            with self.subTest(name):
                self.assertEqual(("patched", "2"), (row["state"], row["attempts"]), row)
                self.assert_read_back_between(number, 2)
                self.assertEqual(self.server.of("patch", number)[0].request_id, row["request_id"])

    def test_an_unanswered_patch_that_worked_is_read_back_and_not_sent_again(self):
        for name, answer in self.UNANSWERED.items():
            self.add(name, "patch", self.done(answer))
        rows = self.go(0)
        for name, number, row in self.each(rows):
            with self.subTest(name):
                self.assertEqual(("patched", "1"), (row["state"], row["attempts"]), row)
                kinds = self.server.kinds(number)
                self.assertEqual(["customer", "subscriptions", "entitlements", "patch", "customer"], kinds)

    def test_a_read_back_that_says_none_is_enough(self):
        number = self.add("gone", "patch", Answer(503))
        self.server.next("customer", lambda request, honest: honest(), number)
        self.server.next("customer", Answer(200, {"id": guid(number), "relationshipToPartner": "none"}), number)
        row, = [row for _, _, row in self.each(self.go(0))]
        self.assertEqual(("patched", "1"), (row["state"], row["attempts"]))

    def test_a_read_back_without_an_answer_is_tried_again_before_any_patch(self):
        number = self.add("dim", "patch", Answer(reset=True))
        self.server.next("customer", lambda request, honest: honest(), number)
        self.server.next("customer", Answer(503), number, times=2)
        row, = [row for _, _, row in self.each(self.go(0))]
        self.assertEqual("patched", row["state"])
        self.assertEqual(["patch", "customer", "customer", "customer", "patch"], self.server.kinds(number)[3:])
        self.assert_read_back_between(number, 2)

    def test_a_customer_unknown_at_the_read_back_is_failed_and_never_patched(self):
        number = self.add("lost", "patch", Answer(503))
        self.server.next("customer", lambda request, honest: honest(), number)
        self.server.next("customer", error(404, "1000", "Not found"), number)
        row, = [row for _, _, row in self.each(self.go(4))]
        self.assertEqual(("failed", ""), (row["state"], row["patched_at"]))
        self.assertEqual(1, len(self.server.of("patch", number)))

    def test_a_patch_that_is_never_answered_stays_open_and_the_next_run_keeps_its_id(self):
        number = self.add("mute", "patch", None)
        self.server.always("patch", Answer(503), number)
        row, = [row for _, _, row in self.each(self.go(5))]
        self.assertEqual("patching", row["state"])
        first_run = len(self.server.of("patch", number))
        self.assertIn(first_run, (3, 4))
        self.assertEqual(str(first_run), row["attempts"])
        before = self.server.requests[-1].seq
        self.server.clear()
        self.expect(0, "run")
        self.assert_read_back_between(number, first_run + 1)
        self.assertEqual("customer", [r.kind for r in self.server.of(None, number) if r.seq > before][0])
        self.assertEqual(str(first_run + 1), self.tenant(number)["attempts"])
        self.assertEqual([">pending", "pending>checked", "checked>ready", "ready>patching"], self.moves(number)[:4])
        self.assertEqual("patching>patched", self.moves(number)[-1])

    def test_a_definite_no_to_the_patch_is_failed(self):
        for name, answer in FAILED.items():
            self.add(name, "patch", answer)
        rows = self.go(4)
        for name, number, row in self.each(rows):
            with self.subTest(name):
                self.assertEqual(("failed", "1"), (row["state"], row["attempts"]), row)
                self.assertEqual("patch", self.server.kinds(number)[-1])
                self.assertEqual(self.server.of("patch", number)[0].request_id, row["request_id"])
        self.assertEqual(("403", "4711", "Something."), tuple(rows["403"][c] for c in ("http_status", "error_code", "detail")))

    def test_no_relationship_as_the_answer_is_settled_by_reading_back(self):
        for name, answer in NO_RELATIONSHIP.items():
            self.add(name, "patch", self.done(answer))
        for name, number, row in self.each(self.go(0)):
            with self.subTest(name):
                self.assertEqual(("patched", "1"), (row["state"], row["attempts"]), row)
                self.assertEqual(["patch", "customer"], self.server.kinds(number)[3:])

    def test_no_relationship_is_not_believed_while_the_customer_is_there(self):
        for name, answer in NO_RELATIONSHIP.items():
            number = self.add(name, "patch", None)
            self.server.always("patch", answer, number)
        for name, number, row in self.each(self.go(5)):
            with self.subTest(name):
                self.assertEqual(("patching", ""), (row["state"], row["patched_at"]), row)
                self.assert_read_back_between(number, len(self.server.of("patch", number)))

    def test_a_redirection_of_the_patch_is_never_followed(self):
        elsewhere = self.listener()
        for status in (300, 301, 302, 303, 304, 307, 308):
            self.add((status, "away"), "patch", Answer(status, b"", {"Location": elsewhere.url + "/v1/x"}))
        self.add("here", "patch", Answer(307, b"", {"Location": "/v1/customers/" + guid(2)}))
        for name, number, row in self.each(self.go(4)):
            with self.subTest(name):
                self.assertEqual(("failed", "1"), (row["state"], row["attempts"]), row)
        self.assertEqual((0, b""), (elsewhere.connections, elsewhere.received))

    def test_200_is_taken_in_either_spelling_with_or_without_a_mark(self):
        for name, body in (("pascal", patched().content()), ("marked", b"\xef\xbb\xbf" + patched().content()),
                           ("camel", b'{"relationshipToPartner":"none"}'), ("upper", b'{"RelationshipToPartner":"None"}')):
            self.add(name, "patch", self.done(Answer(200, body)))
        for name, number, row in self.each(self.go(0)):
            with self.subTest(name):
                self.assertEqual(("patched", "1"), (row["state"], row["attempts"]), row)
                self.assertEqual("patch", self.server.kinds(number)[-1], "no read-back is needed")

    def test_another_2xx_is_not_a_yes(self):
        for status in (201, 202, 203, 206):
            self.add(status, "patch", Answer(status, b""))
        self.add(204, "patch", Answer(raw=b"HTTP/1.1 204 No Content\r\n\r\n"))
        for name, number, row in self.each(self.go(0)):
            with self.subTest(name):
                # The removal did not take place, so only the second PATCH can have made it true.
                self.assertIn(guid(number), self.server.removed)
                self.assertEqual("patched", row["state"])
                self.assert_read_back_between(number, 2)


class Requests(harness.Case):
    def test_requests_are_as_the_service_documents_them(self):
        service = self.service()
        service.add(1)
        self.job(service.url, [guid(1).upper()])
        self.expect(0, "run")
        self.assertEqual(["token", "customer", "subscriptions", "entitlements", "patch"], [r.kind for r in service.requests])
        token, *calls = service.requests
        self.assertEqual("POST", token.method)
        self.assertEqual(f"/{harness.PARTNER}/oauth2/v2.0/token", token.target)
        self.assertEqual((harness.CLIENT_ID, harness.CLIENT_SECRET, "refresh_token", harness.REFRESH_TOKEN),
                         tuple(token.form[key] for key in ("client_id", "client_secret", "grant_type", "refresh_token")))
        for call in calls:
            self.assertEqual("application/json", call.headers["accept"])
            self.assertTrue(call.headers["authorization"].startswith("Bearer "))
            uuid.UUID(call.request_id)
            uuid.UUID(call.correlation_id)
        self.assertEqual(4, len({call.request_id for call in calls}))
        patch = calls[-1]
        self.assertEqual(f"/v1/customers/{guid(1)}", patch.target)
        self.assertEqual({"relationshipToPartner": "none", "attributes": {"objectType": "Customer"}}, json.loads(patch.body))
        self.assertTrue(patch.headers["content-type"].startswith("application/json"))
        row = self.tenant(1)
        self.assertEqual((patch.request_id, patch.correlation_id), (row["request_id"], row["correlation_id"]))
        last = self.report("history")[-1]
        self.assertEqual((patch.request_id, patch.correlation_id, "200"),
                         (last["request_id"], last["correlation_id"], last["http_status"]))

    def test_a_public_client_sends_no_secret(self):
        service = self.service()
        service.add(1)
        self.job(service.url, [1], partner_center={"client_secret": None})
        self.expect(0, "run")
        self.assertNotIn("client_secret", service.of("token")[0].form)

    def test_secrets_come_from_a_file_or_a_command_too(self):
        (self.folder / "secret").write_text("from-a-file\n")
        (self.folder / "secret").chmod(0o600)
        for source, secret in (({"file": "secret"}, "from-a-file"), ({"command": ["echo", "from-a-command"]}, "from-a-command")):
            with self.subTest(source):
                service = self.service()
                service.add(1)
                self.job(service.url, [1], partner_center={"client_secret": source})
                self.ledger.unlink(missing_ok=True)
                self.expect(0, "run")
                self.assertEqual(secret, service.of("token")[0].form["client_secret"])

    def test_given_addresses_win_over_the_cloud(self):
        for cloud in ("china", "us-government", "global"):
            service = self.service()
            service.add(1)
            self.job(service.url, [1], ledger=f"{cloud}.db", partner_center={"cloud": cloud})
            self.expect(0, "run")
            self.assertEqual(5, len(service.requests))

    def test_a_base_url_that_ends_with_a_slash_means_the_same(self):
        service = self.service()
        service.add(1)
        self.job(service.url, [1], partner_center={"base_url": service.url + "/"})
        self.expect(0, "run")
        self.assertFalse([r for r in service.requests if re.search("//", r.target)])


if __name__ == "__main__":
    harness.main()
