"""TLS in front of a simulated service, and what can go wrong with it: for wire_trouble_test.

    authority = Authority(folder)                       # made anew by the openssl command line tool
    front = TlsFront(sim.port, authority, trouble)
    front.url, authority.file                           # for base_url, login_url and ca_file

Every request comes over a connection of its own, so that a certificate can go bad between two requests: the front
answers with `Connection: close`.
"""
import collections
import pathlib
import socket
import ssl
import subprocess
import threading
import urllib.parse
import warnings

from harness import kind_of

# No record of TLS begins like this.
GARBAGE = b"\x00\x01this is not a record\r\n" * 64


class Authority:
    """A certificate authority and what it has signed for 127.0.0.1, in a folder."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.file = self._root("authority")
        self._root("stranger")
        self.sign("good", "authority", "IP:127.0.0.1")
        self.sign("untrusted", "stranger", "IP:127.0.0.1")
        self.sign("another name", "authority", "DNS:elsewhere.invalid,IP:127.0.0.2")
        self.sign("expired", "authority", "IP:127.0.0.1", days=-1)
        # What a server shows.
        self.server = {name: self._server(name) for name in ("good", "untrusted", "another name", "expired")}
        self.server["TLS 1.1"] = self._server_of_old()
        # OPENSSL_CONF for a client whose library would take any version, so that only its own minimum is left.
        self.lenient = self.folder / "lenient.cnf"
        self.lenient.write_text("openssl_conf = all\n[all]\nssl_conf = ssl\n[ssl]\nsystem_default = lenient\n[lenient]\n"
                                "MinProtocol = TLSv1\nCipherString = ALL:@SECLEVEL=0\n")

    def _server(self, name):
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(self.folder / f"{name}.pem", self.folder / f"{name}.key")
        return made

    def _server_of_old(self):
        made = self._server("good")
        made.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            made.minimum_version = ssl.TLSVersion.TLSv1
            made.maximum_version = ssl.TLSVersion.TLSv1_1
        return made

    def _openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def _root(self, name):
        self._openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
                      "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.pem")
        return self.folder / f"{name}.pem"

    def sign(self, name, by, names, days=30):
        (self.folder / "extensions").write_text(f"subjectAltName={names}\n")
        self._openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}",
                      "-keyout", f"{name}.key", "-out", f"{name}.request")
        self._openssl("x509", "-req", "-in", f"{name}.request", "-CA", f"{by}.pem", "-CAkey", f"{by}.key", "-days",
                      str(days), "-extfile", "extensions", "-set_serial", "2", "-out", f"{name}.pem")


class Nothing:
    """No trouble at all; the troubles below are made from it."""

    def certificate(self, answered):
        """Which certificate the next connection sees; `answered` is [(kind, customer)] so far."""
        return "good"

    def garbage(self, kind, customer):
        """None, or whether this request takes its `effect` before the garbage that answers it (`before`, `none`)."""
        return None


class Garbage(Nothing):
    """Bytes that are no TLS in the middle of a connection. rules: {customer or "": (how many times, effect)}."""

    def __init__(self, kind, rules):
        self.kind = kind
        self.rules = rules
        self.met = collections.Counter()

    def garbage(self, kind, customer):
        times, effect = self.rules.get(customer, (0, None))
        if kind != self.kind or self.met[customer] >= times:
            return None
        self.met[customer] += 1
        return effect


class BadCertificate(Nothing):
    """From the moment on at which the next request would be the first of that kind, the certificate is that one."""
    BEFORE = {"token": None, "customer": "token", "subscriptions": "customer", "entitlements": "subscriptions",
              "patch": "entitlements"}

    def __init__(self, name, kind):
        self.name = name
        self.after = self.BEFORE[kind]

    def certificate(self, answered):
        begun = self.after is None or self.after in [kind for kind, _ in answered]
        return self.name if begun else "good"


class TlsFront:
    def __init__(self, port, authority, trouble):
        self._to = port
        self._authority = authority
        self._lock = threading.Lock()
        self.trouble = trouble
        self.answered = []
        self.shown = []       # certificates, in order
        self.leaked = b""     # what came through to a server that must not be believed
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"https://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with self._lock:
            name = self.trouble.certificate(self.answered)
            self.shown.append(name)
        try:
            connection.settimeout(30)
            secured = self._authority.server[name].wrap_socket(connection, server_side=True)
            with secured:
                if name != "good":
                    self.leaked += secured.recv(65536)
                    return
                self._exchange(secured)
        except OSError:  # ssl.SSLError is one
            connection.close()

    def _exchange(self, secured):
        stream = secured.makefile("rb")
        line = stream.readline()
        if not line.strip():
            return
        head, length = [line], 0
        while (header := stream.readline()).strip():
            head.append(header)
            if header.lower().startswith(b"content-length:"):
                length = int(header.split(b":")[1])
        body = stream.read(length)
        method, target, _ = line.decode("latin-1").split(" ", 2)
        kind, customer = kind_of(method, urllib.parse.urlsplit(target).path)
        with self._lock:
            effect = self.trouble.garbage(kind, customer)
        answer = b"" if effect == "none" else self._forwarded(b"".join(head) + b"Connection: close\r\n\r\n" + body)
        if effect is not None:
            # Under the layer of TLS, where an attacker or a broken machine in between would be.
            with socket.socket(fileno=secured.detach()) as bare:
                bare.sendall(GARBAGE)
            return
        with self._lock:
            self.answered.append((kind, customer))
        secured.sendall(answer)
        secured.unwrap()

    def _forwarded(self, request):
        with socket.create_connection(("127.0.0.1", self._to), timeout=30) as service:
            service.sendall(request)
            parts = []
            while part := service.recv(65536):
                parts.append(part)
        return b"".join(parts)

    def close(self):
        try:
            self._listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._listener.close()
