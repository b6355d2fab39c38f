"""A server that is no bottleneck: nginx on loopback, with every answer ready.

    with StaticServer(folder) as server:
        server.plain, server.slow, server.tls, server.ca_file

It answers a sign-in, a customer (by the id asked for), collections without items, and a PATCH. `slow` does so after
`delay` seconds. nginx and its echo module are unpacked rather than installed: the package starts a web server.
"""
import base64
import json
import pathlib
import shutil
import signal
import socket
import subprocess
import time

CUSTOMER = ('{"id":"$1","commerceId":"$1","companyProfile":{"tenantId":"$1","domain":"company.onmicrosoft.com",'
            '"companyName":"Company","links":{"self":{"uri":"/customers/$1/profiles/company","method":"GET","headers":[]}},'
            '"attributes":{"objectType":"CustomerCompanyProfile"}},"relationshipToPartner":"reseller",'
            '"allowDelegatedAccess":true,"customDomains":["company.onmicrosoft.com"],"links":{"self":{"uri":'
            '"/customers/$1","method":"GET","headers":[]}},"attributes":{"objectType":"Customer"}}')
COLLECTION = ('{"totalCount":0,"items":[],"links":{"self":{"uri":"/self","method":"GET","headers":[]}},'
              '"attributes":{"objectType":"Collection"}}')
REMOVED = ('{"Id":null,"CommerceId":null,"CompanyProfile":null,"BillingProfile":null,"RelationshipToPartner":"none",'
           '"AllowDelegatedAccess":null,"UserCredentials":null,"CustomDomains":null,"AssociatedPartnerId":null,'
           '"Attributes":{"ObjectType":"Customer"}}')

CONFIGURATION = """\
daemon off;
master_process off;
load_module {module};
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    default_type application/json;
    keepalive_requests 1000000000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    ssl_certificate {folder}/server.pem;
    ssl_certificate_key {folder}/server.key;
    ssl_session_cache shared:sessions:4m;
    {servers}
}}
"""
SERVER = """
    server {{
        listen 127.0.0.1:{port} {how};
        location ~ ^/contoso[^/]*/oauth2/v2.0/token$ {{ return 200 '{token}'; }}
        location ~ "^/v1/customers/([0-9a-f-]{{36}})$" {{
            if ($request_method = PATCH) {{ {removed} }}
            {customer}
        }}
        location ~ "^/v1/customers/[0-9a-f-]{{36}}/(subscriptions|entitlements)$" {{ {collection} }}
    }}
"""
PARTNER = "contoso.onmicrosoft.com"


def _base64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def access_token():
    """As long as the service's own are."""
    claims = {"tid": PARTNER, "amr": ["pwd", "mfa"], "upn": f"operator@{PARTNER}", "filler": "x" * 800}
    return ".".join([_base64url(b'{"typ":"JWT","alg":"RS256"}'), _base64url(json.dumps(claims).encode()),
                     _base64url(bytes(range(256)))])


def _unpacked(folder):
    """The program, and the module that waits."""
    program, module = folder / "usr/sbin/nginx", folder / "usr/lib/nginx/modules/ngx_http_echo_module.so"
    if not (program.exists() and module.exists()):
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["apt-get", "download", "nginx", "libnginx-mod-http-echo"], cwd=folder, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for package in folder.glob("*.deb"):
            subprocess.run(["dpkg-deb", "-x", package.name, "."], cwd=folder, check=True)
    return program, module


def _certificate(folder):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
                    "-subj", "/CN=bench", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "server.key", "-out",
                    "server.pem"], cwd=folder, check=True, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _free_ports(number):
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return ports


def _waiting(answer, delay):
    """Lines for nginx. The echo module cannot wait within an `if`, so the slow server's PATCH is rewritten."""
    return f"echo_sleep {delay}; echo -n '{answer}';"


class StaticServer:
    def __init__(self, tools, folder, delay=0.1):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        program, module = _unpacked(pathlib.Path(tools))
        _certificate(self.folder)
        self.delay = delay
        self.ca_file = self.folder / "server.pem"
        ports = _free_ports(3)
        self.plain, self.slow = (f"http://127.0.0.1:{port}" for port in ports[:2])
        self.tls = f"https://127.0.0.1:{ports[2]}"
        self.token = access_token()
        token = json.dumps({"token_type": "Bearer", "expires_in": 3600, "access_token": self.token})
        quick = dict(token=token, customer=f"return 200 '{CUSTOMER}';", collection=f"return 200 '{COLLECTION}';",
                     removed=f"return 200 '{REMOVED}';")
        slow = dict(token=token, customer=_waiting(CUSTOMER, delay), collection=_waiting(COLLECTION, delay),
                    removed="rewrite ^ /removed last;")
        servers = [SERVER.format(port=ports[0], how="backlog=4096", **quick),
                   SERVER.format(port=ports[1], how="backlog=4096", **slow)[:-7] +
                   f"        location = /removed {{ internal; {_waiting(REMOVED, delay)} }}\n    }}\n",
                   SERVER.format(port=ports[2], how="ssl http2 backlog=4096", **quick)]
        configuration = self.folder / "nginx.conf"
        configuration.write_text(CONFIGURATION.format(folder=self.folder, module=module, servers="".join(servers)))
        self._process = subprocess.Popen([program, "-p", self.folder, "-c", configuration, "-e", self.folder / "error.log"],
                                         stdin=subprocess.DEVNULL)
        self._await(ports)

    def _await(self, ports):
        for port in ports:
            for _ in range(200):
                if self._process.poll() is not None:
                    raise SystemExit(f"nginx does not serve: {(self.folder / 'error.log').read_text()}")
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.05)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.send_signal(signal.SIGTERM)
        self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
