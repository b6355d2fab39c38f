#!/usr/bin/env python3
"""The schemas that editors use accept every job and list of the project, and refuse what the program refuses.

Usage: schemas_test.py SOURCE_FOLDER
"""

import copy
import json
import pathlib
import sys

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

NOTHING = object()  # a key without a value
GUID = "a0000001-0000-4000-8000-000000000001"

# Each is a path into a sound job, and a value that must be refused there; None removes the key.
BAD_IN_A_JOB = [
    (["name"], None),
    (["name"], 5),
    (["name"], " "),
    (["tenants"], None),
    (["tenants"], "tenants.txt"),
    (["tenants"], ".csv"),
    (["ledger"], ""),
    (["ledger"], "var/"),
    (["ledger"], "~/nightly.db"),
    (["partner_center"], None),
    (["partner_center", "cloud"], "mars"),
    (["partner_center", "base_url"], "http://example.com"),
    (["partner_center", "base_url"], "https://user@example.com"),
    (["partner_center", "base_url"], "http://127.0.0.1@evil.example/"),
    (["partner_center", "base_url"], "http://localhost.evil.example"),
    (["partner_center", "base_url"], "http://127.0.0.1.evil.example"),
    (["partner_center", "base_url"], "https://example.com:0"),
    (["partner_center", "base_url"], "https://example.com:65536"),
    (["partner_center", "base_url"], "https://example.com/?a"),
    (["partner_center", "login_url"], "https://example.com/#a"),
    (["partner_center", "login_url"], "https://exa\\mple.com"),
    (["partner_center", "login_url"], "https://"),
    (["partner_center", "ca_file"], "certificates/"),
    (["partner_center", "ca_file"], 5),
    (["partner_center", "tenant"], None),
    (["partner_center", "tenant"], "common"),
    (["partner_center", "tenant"], "a.b/c"),
    (["partner_center", "client_id"], None),
    (["partner_center", "client_id"], "not-a-guid"),
    (["partner_center", "client_secret"], "hunter2"),
    (["partner_center", "client_secret"], {}),
    (["partner_center", "client_secret"], {"env": "A", "file": "b"}),
    (["partner_center", "client_secret"], {"env": "a-b"}),
    (["partner_center", "client_secret"], {"command": []}),
    (["partner_center", "client_secret"], {"command": "pass show"}),
    (["partner_center", "client_secret"], {"command": [""]}),
    (["partner_center", "client_certificate"], {"file": "app.pem"}),  # beside a secret
    (["partner_center", "refresh_token"], None),
    (["partner_center", "refresh_token"], "hunter2"),
    (["partner_center", "refresh_token"], {"env": "TOKEN"}),
    (["workers"], 0),
    (["workers"], 257),
    (["workers"], "8"),
    (["policy", "recheck_after"], "0s"),
    (["policy", "recheck_after"], "10"),
    (["policy", "recheck_after"], "1.5h"),
    (["policy", "recheck_after"], "-5m"),
    (["policy", "software"], "maybe"),
    (["policy", "max_patches"], 0),
    (["policy", "deadline"], 5),
    (["policy", "retry_failed"], "true"),
    (["policy", "max_patchs"], 1),
    (["retry", "max_attempts"], 0),
    (["retry", "max_attempts"], 101),
    (["rate", "per_minute"], 0),
    (["rate", "per_minute"], 1000001),
    (["rate", "per_second"], 8),
    (["report", "csv"], "a-{dat}.csv"),
    (["report", "csv"], "a-{date.csv"),
    (["report", "xml"], "a.xml"),
    (["report"], NOTHING),
    (["password"], "hunter2"),
]

GOOD_IN_A_JOB = [
    (["partner_center", "base_url"], "https://example.com/"),
    (["partner_center", "base_url"], "http://localhost:8700"),
    (["partner_center", "base_url"], "http://127.255.0.9:1/a/b"),
    (["partner_center", "base_url"], "http://[::1]:65535"),
    (["partner_center", "ca_file"], "../ca.pem"),
    (["partner_center", "tenant"], GUID),
    (["partner_center", "client_id"], "{" + GUID.upper() + "}"),
    (["partner_center", "client_secret"], None),
    (["partner_center", "client_secret"], {"file": "secret"}),
    (["partner_center", "client_secret"], {"command": ["pass", "show", ""]}),
    (["policy", "recheck_after"], "007ms"),
    (["policy"], {}),
    (["report"], {"csv": "{date}/{run}.csv", "json": "a", "html": "/b"}),
]

BAD_LISTS = [
    None,
    "text",
    [],
    {},
    {"tenants": []},
    {"tenants": None},
    {"tenants": [GUID], "more": 1},
    ["not-a-guid"],
    ["00000000-0000-0000-0000-000000000000"],
    [5],
    [[GUID]],
    [{}],
    [{"note": "x"}],
    [{"tenant_id": None}],
    [{"tenant_id": [GUID]}],
    [{"tenant_id": GUID, "name": "x"}],
    [{"tenant_id": GUID, "note": ["x"]}],
    [{"tenant_id": GUID, "domain": "a\nb"}],
]

GOOD_LISTS = [
    [GUID],
    [GUID.upper(), "{" + GUID + "}"],
    {"tenants": [{"tenant_id": GUID, "note": 5, "domain": None}]},
    [{"Microsoft ID": GUID, "Company name": "A", "Primary domain name": "a.b", "Ticket": "x\ny"}],
    [{"CustomerTenantId": GUID}, {"customer-tenant-id": GUID}, {"CUSTOMER ID": GUID}],
]


def with_value(job, path, value):
    changed = copy.deepcopy(job)
    *outer, key = path
    place = changed
    for step in outer:
        place = place.setdefault(step, {})
    if value is None:
        place.pop(key, None)
    else:
        place[key] = None if value is NOTHING else value
    return changed


def validator(folder, name):
    schema = json.loads((folder / "schema" / name).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def all_cases(folder):
    """Yields what it is, the schema to use, the document, and whether it must be accepted."""
    jobs = sorted((folder / "jobs").glob("*.yaml")) + [folder / "samples" / "demo.yaml"]
    assert len(jobs) >= 4, jobs
    for file in jobs:
        yield str(file), "job.schema.json", yaml.safe_load(file.read_text(encoding="utf-8")), True
    listing = folder / "samples" / "tenants.yaml"
    yield str(listing), "tenants.schema.json", yaml.safe_load(listing.read_text(encoding="utf-8")), True
    sound = yaml.safe_load((folder / "jobs" / "nightly.yaml").read_text(encoding="utf-8"))
    for cases, accepted in ((BAD_IN_A_JOB, False), (GOOD_IN_A_JOB, True)):
        for path, value in cases:
            yield f"{'.'.join(path)}: {value!r}", "job.schema.json", with_value(sound, path, value), accepted
    for cases, accepted in ((BAD_LISTS, False), (GOOD_LISTS, True)):
        for document in cases:
            yield repr(document), "tenants.schema.json", document, accepted


def main(folder):
    validators = {name: validator(folder, name) for name in ("job.schema.json", "tenants.schema.json")}
    wrong = 0
    for what, schema, document, accepted in all_cases(folder):
        errors = list(validators[schema].iter_errors(document))
        if bool(errors) == accepted:
            wrong += 1
            print(f"{schema} {'refuses' if errors else 'accepts'} {what}")
            for error in errors:
                print(f"    {error.json_path}: {error.message}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
