"""Against nginx, a server of somebody else's that speaks HTTP/2 over TLS, resumes TLS sessions, compresses its answers and
closes a connection after so many requests.
"""
import collections
import pathlib
import shutil
import sys
import tempfile
import unittest

import harness
import real_sign_in
import tls_front
from harness import Answer, customer

NGINX = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 256; }}
http {{
    log_format seen '$request_method $server_protocol $ssl_session_reused $connection $sent_http_content_encoding';
    access_log {folder}/access.log seen;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    ssl_certificate {authority}/good.pem;
    ssl_certificate_key {authority}/good.key;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_session_cache shared:sessions:1m;
    keepalive_requests {requests};
    gzip on;
    gzip_min_length 0;
    gzip_types *;
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    server {{
        listen 127.0.0.1:{port} ssl http2;
        location / {{ proxy_pass http://127.0.0.1:{service}; }}
    }}
}}
"""
CUSTOMERS = 40
REQUESTS_PER_CONNECTION = 7
Seen = collections.namedtuple("Seen", "method protocol is_resumed connection encoding")


class Front:
    def __init__(self, folder, authority, service_port):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        configuration = self.folder / "nginx.conf"
        for _ in range(5):
            self.port, = real_sign_in.free_ports(1)
            configuration.write_text(NGINX.format(folder=self.folder, authority=authority.folder, port=self.port,
                                                  service=service_port, requests=REQUESTS_PER_CONNECTION))
            self._process = real_sign_in.Process(
                [real_sign_in.nginx(), "-p", self.folder, "-c", configuration, "-e", self.folder / "error.log"], self.folder,
                harness.environment(self.folder))
            if self._process.comes_up(lambda: real_sign_in.accepts(self.port)):
                self.url = f"https://127.0.0.1:{self.port}"
                return
        raise AssertionError(f"nginx does not serve: {(self.folder / 'error.log').read_text()}\n{self._process.wait()}")

    def seen(self):
        found = []
        for line in (self.folder / "access.log").read_text().splitlines():
            method, protocol, session, connection, encoding = line.split(" ")
            found.append(Seen(method, protocol, session == "r", connection, encoding))
        return found

    def close(self):
        self._process.close()


class Http2(harness.Case):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.mkdtemp(prefix="offboard-authority-")
        cls.addClassCleanup(shutil.rmtree, folder, ignore_errors=True)
        cls.authority = tls_front.Authority(folder)

    def front(self, service_port):
        front = Front(self.folder / "nginx", self.authority, service_port)
        self.addCleanup(front.close)
        return front

    def job_over_tls(self, front, listed, **changes):
        self.job(front.url, listed, **harness.merged({"partner_center": {"ca_file": str(self.authority.file)}}, changes))

    def test_reads_go_over_http2_and_removals_and_sign_ins_over_connections_of_their_own(self):
        numbers = range(1, CUSTOMERS + 1)
        sim = self.simulator(customers=[customer(number) for number in numbers])
        front = self.front(sim.port)
        self.job_over_tls(front, numbers)
        self.expect(0, "run")
        # Neither the end of a connection that has served its requests nor anything else made a request go out twice.
        for number in numbers:
            self.assertEqual(["customer", "subscriptions", "entitlements", "patch"], sim.kinds(number))
        by_method = collections.defaultdict(list)
        for seen in front.seen():
            by_method[seen.method].append(seen)
        protocols = {method: {seen.protocol for seen in all_seen} for method, all_seen in by_method.items()}
        self.assertEqual({"GET": {"HTTP/2.0"}, "PATCH": {"HTTP/1.1"}, "POST": {"HTTP/1.1"}}, protocols)
        self.assertEqual({"gzip"}, {seen.encoding for seen in by_method["GET"]})
        uses = collections.Counter(seen.connection for seen in front.seen())
        self.assertEqual({1}, {uses[seen.connection] for seen in by_method["PATCH"] + by_method["POST"]})
        self.assertEqual(REQUESTS_PER_CONNECTION, max(uses.values()))
        # The rest had to do without: the first of each worker, and whoever came between a session and the next.
        resumed = sum(seen.is_resumed for seen in by_method["PATCH"])
        print(f"\n{resumed} of {CUSTOMERS} removals resumed a TLS session", file=sys.stderr)
        self.assertGreater(resumed, CUSTOMERS / 4)
        self.assert_sound()

    def test_an_answer_that_grows_without_end_when_unpacked_is_not_unpacked(self):
        service = self.service()
        service.add(1)
        service.always("subscriptions", Answer(200, b" " * (17 << 20), {"Content-Type": "application/json"}))
        front = self.front(service.port)
        self.job_over_tls(front, [1], retry={"max_attempts": 1})
        self.expect(5, "run")
        self.assertEqual("too-large", self.tenant(1)["error_code"])
        self.assertEqual({"gzip"}, {seen.encoding for seen in front.seen() if seen.method == "GET"})


if __name__ == "__main__":
    unittest.main(verbosity=2)
