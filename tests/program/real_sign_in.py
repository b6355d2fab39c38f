"""A sign-in service of real components, on loopback: for sign_in_real_test.

    authority = tls_front.Authority(folder)
    service = SignInService(folder, authority, sim.port, [Client("public")], access_token_seconds=2)
    service.login_url, service.base_url, authority.file    # for the job
    person_signs_in(uri, code, authority.file)              # what somebody with a browser does
    service.issued(), service.secrets()                     # from the provider's own journal

            ┌─ login_url ─► oidc-provider (npm), a certified OpenID provider, dressed by tests/sign_in/provider.mjs
    nginx ──┤                  ▲
    (TLS)   └─ base_url ───────┴─ is this access token good? ─► partner-center-sim

What stands in an access token is judged by its issuer, request by request: the simulator trusts whoever nginx lets pass.

`tools()` fetches what the machine has not got, once, into the build folder: the npm packages that tests/sign_in names, and the
program of Debian's nginx. The latter is unpacked rather than installed: its package would start a web server on port 80.
"""
import base64
import contextlib
import dataclasses
import fcntl
import hashlib
import html.parser
import http.cookiejar
import json
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import urllib.parse
import urllib.request

import harness
from harness import wait_until

SOURCES = pathlib.Path(__file__).resolve().parent.parent / "sign_in"
TOOLS = harness.PROGRAMS / "sign_in_tools"
RESOURCE = "https://api.partnercenter.microsoft.com"


# ---- tools ------------------------------------------------------------------------------------------------------

class ToolMissing(AssertionError):
    pass


def _fetched(command, folder, what):
    try:
        done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors="replace", timeout=300)
    except (OSError, subprocess.TimeoutExpired) as trouble:
        raise ToolMissing(f"{what}: {trouble}") from None
    if done.returncode != 0:
        raise ToolMissing(f"{what}: `{' '.join(command)}` ended with {done.returncode}:\n{done.stdout[-2000:]}")


def _npm_packages():
    """The folder of provider.mjs with the packages it imports."""
    sources = [SOURCES / name for name in ("package.json", "package-lock.json")]
    mark = hashlib.sha256(b"".join(file.read_bytes() for file in sources)).hexdigest()
    folder = TOOLS / "provider"
    folder.mkdir(parents=True, exist_ok=True)
    done = folder / "fetched"
    if not done.exists() or done.read_text() != mark:
        for file in sources:
            shutil.copy(file, folder)
        _fetched(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"], folder,
                 "the OpenID provider cannot be fetched: the test of signing in wants node, npm and the npm registry")
        done.write_text(mark)
    shutil.copy(SOURCES / "provider.mjs", folder)
    return folder


def _nginx():
    places = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])
    installed = shutil.which("nginx", path=places)
    if installed:
        return installed
    folder = TOOLS / "nginx"
    program = folder / "usr/sbin/nginx"
    if not program.exists():
        folder.mkdir(parents=True, exist_ok=True)
        what = "Debian's nginx cannot be fetched (has `apt-get update` been run?); an installed one would do as well"
        _fetched(["apt-get", "download", "nginx"], folder, what)
        package, = folder.glob("nginx_*.deb")
        _fetched(["dpkg-deb", "-x", package.name, "."], folder, what)
    return str(program)


@dataclasses.dataclass
class Tools:
    provider: pathlib.Path
    nginx: str


@contextlib.contextmanager
def _one_at_a_time():
    TOOLS.mkdir(exist_ok=True)
    with open(TOOLS / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def tools():
    with _one_at_a_time():
        return Tools(_npm_packages(), _nginx())


def nginx():
    """nginx alone, for a test that needs no provider."""
    with _one_at_a_time():
        return _nginx()


# ---- clients ----------------------------------------------------------------------------------------------------

@dataclasses.dataclass
class Client:
    """An application as the provider knows it: public, with a secret, or with the certificate in `pem` (its key is in `key`)."""
    id: str = harness.CLIENT_ID
    secret: str = None
    pem: pathlib.Path = None
    key: pathlib.Path = None

    def settings(self):
        known = {"id": self.id}
        if self.secret:
            known["secret"] = self.secret
        if self.pem:
            der = ssl.PEM_cert_to_DER_cert(self.pem.read_text())
            modulus = subprocess.run(["openssl", "x509", "-in", str(self.pem), "-noout", "-modulus"], check=True,
                                     stdout=subprocess.PIPE, text=True).stdout.partition("=")[2].strip()
            known.update(jwk={"kty": "RSA", "use": "sig", "n": _base64url(bytes.fromhex(modulus)), "e": "AQAB"},
                         x5t=_base64url(hashlib.sha1(der).digest()), x5t_s256=_base64url(hashlib.sha256(der).digest()))
        return known


def _base64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def client_certificate(folder, name="client"):
    """A certificate of the application's own, and its key."""
    pem, key = pathlib.Path(folder, f"{name}.pem"), pathlib.Path(folder, f"{name}.key")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", f"/CN={name}",
                    "-keyout", str(key), "-out", str(pem)], check=True, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    key.chmod(0o600)
    return pem, key


# ---- the service ------------------------------------------------------------------------------------------------

NGINX = """\
daemon off;
master_process off;

pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 256; }}
http {{
    log_format brief '$server_port $request_method $uri $status';
    access_log {folder}/access.log brief;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    ssl_certificate {authority}/front.pem;
    ssl_certificate_key {authority}/front.key;
    ssl_protocols TLSv1.2 TLSv1.3;
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-Proto https;
    server {{
        listen 127.0.0.1:{login} ssl;
        location / {{ proxy_pass http://unix:{folder}/provider; }}
    }}
    server {{
        listen 127.0.0.1:{base} ssl;
        location = /check {{
            internal;
            proxy_pass http://unix:{folder}/provider;
            proxy_pass_request_body off;
            proxy_set_header Content-Length "";
        }}
        location / {{
            auth_request /check;
            proxy_pass http://127.0.0.1:{simulator};
        }}
    }}
}}
"""
LOGIN_NAME, BASE_NAME = "login.partner.test", "api.partner.test"


def free_ports(number):
    """Which somebody else may still be given: whoever takes one must be able to do without."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return ports


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False


class Process(harness.Going):
    """A server of somebody else's."""

    def comes_up(self, condition):
        """Whether it did, or has ended."""
        wait_until(lambda: condition() or not self.is_going(), "a server comes up or ends", timeout=60)
        return self.is_going()


class SignInService:
    def __init__(self, folder, authority, simulator_port, clients, access_token_seconds=3600, access_token_format="opaque",
                 reuse="allowed", claims=None, tenant=harness.PARTNER):
        self._tools = tools()
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True)
        self._authority = authority
        if not (authority.folder / "front.pem").exists():
            authority.sign("front", "authority", f"IP:127.0.0.1,DNS:{LOGIN_NAME},DNS:{BASE_NAME}")
        self.journal_file = self.folder / "journal.jsonl"
        self._provider = self._front = None
        try:
            self._start_front(simulator_port)
            self.login_url = f"https://127.0.0.1:{self.login_port}"
            self.base_url = f"https://127.0.0.1:{self.base_port}"
            self.settings = {"issuer": self.login_url, "tenant": tenant, "resource": RESOURCE,
                             "access_token_seconds": access_token_seconds, "access_token_format": access_token_format,
                             "claims": claims or {}, "reuse": reuse, "clients": [client.settings() for client in clients],
                             "journal": str(self.journal_file), "socket": str(self.folder / "provider")}
            self._start_provider()
        except BaseException:
            self.close()
            raise

    def _start_front(self, simulator_port):
        configuration = self.folder / "nginx.conf"
        for _ in range(5):
            self.login_port, self.base_port = free_ports(2)
            configuration.write_text(NGINX.format(folder=self.folder, authority=self._authority.folder, login=self.login_port,
                                                  base=self.base_port, simulator=simulator_port))
            self._front = Process([self._tools.nginx, "-p", self.folder, "-c", configuration, "-e", self.folder / "error.log"],
                                  self.folder, harness.environment(self.folder))
            if self._front.comes_up(lambda: accepts(self.base_port)):
                return
            if "Address already in use" not in (self.folder / "error.log").read_text():
                break
            (self.folder / "error.log").unlink()
        raise AssertionError(f"nginx does not serve: {(self.folder / 'error.log').read_text()}\n{self._front.wait()}")

    def _start_provider(self):
        settings = self.folder / "settings.json"
        settings.write_text(json.dumps(self.settings))
        self._provider = Process(["node", self._tools.provider / "provider.mjs", settings], self.folder,
                                 harness.environment(self.folder))
        if not self._provider.comes_up((self.folder / "provider").exists):
            raise AssertionError(f"the OpenID provider does not listen: {self._provider.wait()}")

    def close(self):
        for process in (self._front, self._provider):
            if process is not None:
                process.close()

    # what it has seen
    def journal(self):
        if not self.journal_file.exists():
            return []
        return [json.loads(line) for line in self.journal_file.read_text().rpartition("\n")[0].splitlines()]

    def issued(self):
        """Every answer with tokens, oldest first."""
        return [entry for entry in self.journal() if entry["event"] == "token" and entry["status"] == 200]

    def refused(self):
        """Every other answer of the token endpoint, but for those that say: not yet."""
        return [entry for entry in self.journal() if entry["event"] == "token" and entry["status"] != 200 and
                entry["answer"].get("error") not in ("authorization_pending", "slow_down")]

    def secrets(self):
        """What nobody but the program and the service may ever have read: texts."""
        found = {client["secret"] for client in self.settings["clients"] if "secret" in client}
        for entry in self.journal():
            told = {**entry.get("form", {}), **(entry.get("answer") or {})}
            for name in ("access_token", "refresh_token", "id_token", "device_code", "client_assertion", "client_secret"):
                if told.get(name):
                    found.add(told[name])
        return found

    def requests(self):
        """[port, method, path, status] of all that came to nginx."""
        return [line.split() for line in (self.folder / "access.log").read_text().splitlines()]


# ---- a proxy ----------------------------------------------------------------------------------------------------

class Proxy:
    """tinyproxy, wanting a name and a password. It alone knows where the test's host names lead."""
    USER, PASSWORD = "somebody", "proxy-password-not-real-41e7"

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True)
        hosts = self.folder / "hosts"
        hosts.write_text(f"127.0.0.1 {LOGIN_NAME}\n127.0.0.1 {BASE_NAME}\n")
        configuration = self.folder / "tinyproxy.conf"
        self.log_file = self.folder / "tinyproxy.log"
        wrapper = next(pathlib.Path("/usr/lib").glob("*/libnss_wrapper.so"))
        variables = harness.environment(self.folder, LD_PRELOAD=str(wrapper), NSS_WRAPPER_HOSTS=str(hosts))
        for _ in range(5):
            self.port, = free_ports(1)
            configuration.write_text(
                f'Port {self.port}\nListen 127.0.0.1\nAllow 127.0.0.1\nTimeout 60\nLogFile "{self.log_file}"\n'
                f'LogLevel Connect\nMaxClients 50\nBasicAuth {self.USER} {self.PASSWORD}\n')
            self._process = Process(["tinyproxy", "-d", "-c", configuration], self.folder, variables)
            if self._process.comes_up(lambda: accepts(self.port)):
                break
        else:
            raise AssertionError(f"tinyproxy does not listen: {self._process.wait()}")
        self.url = f"http://{self.USER}:{self.PASSWORD}@127.0.0.1:{self.port}"
        self.url_without_password = f"http://127.0.0.1:{self.port}"

    def asked_for(self):
        """host:port of every CONNECT."""
        return re.findall(r"Request \(file descriptor \d+\): CONNECT (\S+) HTTP", self.log_file.read_text())

    def close(self):
        self._process.close()


# ---- a person ---------------------------------------------------------------------------------------------------

class _Form(html.parser.HTMLParser):
    """The first form of a page: where it goes, and what is filled in already."""

    def __init__(self, page):
        super().__init__()
        self.action, self.fields, self._open = None, {}, False
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form" and self.action is None:
            self.action, self._open = attributes["action"], True
        elif tag == "input" and self._open:
            self.fields[attributes.get("name")] = attributes.get("value", "")

    def handle_endtag(self, tag):
        self._open = self._open and tag != "form"


def person_signs_in(uri, code, ca_file, abort=False):
    """Opens the page, types the code, says who they are and agrees, form by form. Returns the last page."""
    browser = urllib.request.build_opener(
        urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=str(ca_file))), urllib.request.ProxyHandler({}),
        urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    with browser.open(uri, timeout=30) as answer:
        at, page = answer.url, answer.read().decode()
    for _ in range(8):
        form = _Form(page)
        if form.action is None:
            return page
        known = {"user_code": code, "login": "operator@contoso.onmicrosoft.com", "password": "typed by a person"}
        fields = {name: known.get(name, value) for name, value in form.fields.items() if name}
        saying_no = abort and "confirm" in fields
        if saying_no:
            fields["abort"] = "yes"
        with browser.open(urllib.parse.urljoin(at, form.action), urllib.parse.urlencode(fields).encode(), timeout=30) as answer:
            at, page = answer.url, answer.read().decode()
        if saying_no:
            return page
    raise AssertionError(f"never came to an end of forms:\n{page}")
