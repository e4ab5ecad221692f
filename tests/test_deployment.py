"""The server that several people use, as deploy/ describes it: nginx with TLS, gunicorn behind it, an issuer beside.

All three answer on this machine's own address, nginx with a certificate that the test signs itself.

    browser ──https──▶ nginx ──http──▶ gunicorn, two processes ──▶ the snapshot
                                          └──────── asks ────────▶ the issuer
"""

from __future__ import annotations

import configparser
import datetime
import ipaddress
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.browser.chromium import opened
from tests.browser.serving import ended, environment_of_others, free_port
from tests.browser.watching import WCAG
from tests.conftest import ROOT
from tests.dashboard import snapshots
from tests.dashboard.openid_issuer import CLIENT, SECRET, Issuer, served_issuer

DEPLOY = ROOT / "deploy"
SITE = (DEPLOY / "nginx.conf").read_text("utf-8")
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")

needs_servers = pytest.mark.skipif(
    os.name == "nt" or NGINX is None,
    reason="nginx is not on this machine: `make web-server` installs it where the system's packages can be installed",
)


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine that nobody but the test knows, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    held, private = folder / "site.pem", folder / "site.key"
    held.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    return held, private


@dataclass
class Deployed:
    """Where it is reached, over TLS and without, and what belongs to it."""

    address: str
    plain: str
    behind: str
    certificate: Path
    folder: Path
    issuer: Issuer

    def session(self) -> requests.Session:
        """A browser that trusts the certificate and keeps cookies."""
        browser = requests.Session()
        browser.verify = str(self.certificate)
        browser.trust_env = False
        return browser

    def signed_in(self, *given: str) -> requests.Session:
        """A browser in which somebody with these roles has signed in."""
        self.issuer.claims = {"sub": f"subject {given}", "roles": list(given)}
        browser = self.session()
        assert browser.get(f"{self.address}/spend", timeout=60).status_code in (200, 403)
        return browser


@contextmanager
def running(command: list[str], said: Path, **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A server in a process of its own, ended afterwards."""
    with (
        said.open("wb") as written,
        ended(subprocess.Popen(command, stdout=written, stderr=subprocess.STDOUT, **options)) as process,
    ):
        yield process


def wait_for(address: str, process: subprocess.Popen[bytes], said: Path, verify: str | bool = True) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        assert process.poll() is None, said.read_text()
        try:
            requests.get(address, timeout=5, verify=verify, allow_redirects=False)
            return
        except requests.RequestException:
            time.sleep(0.1)
    raise AssertionError(f"no answer: {said.read_text()}")


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    folder = tmp_path_factory.mktemp("deployed")
    processed = folder / "processed"
    snapshots.full(processed)
    held, private = certificate(folder)
    tls, plain, behind = free_port(), free_port(), free_port()
    (folder / "client.secret").write_text(SECRET)
    site = (
        SITE.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{tls} ssl http2;")
        .replace("    listen [::]:443 ssl http2;\n", "")
        .replace("listen 80;", f"listen 127.0.0.1:{plain};")
        .replace("    listen [::]:80;\n", "")
        .replace("high-needs.council.example", "localhost")
        .replace("https://$host$request_uri", f"https://$host:{tls}$request_uri")
        .replace("/etc/ssl/certs/high-needs.pem", str(held))
        .replace("/etc/ssl/private/high-needs.key", str(private))
        .replace("127.0.0.1:8050", f"127.0.0.1:{behind}")
    )
    (folder / "site.conf").write_text(site)
    places = "\n".join(f"  {kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))  # fmt: skip
    (folder / "nginx.conf").write_text(
        f"daemon off;\npid {folder}/nginx.pid;\nworker_processes 1;\nevents {{ }}\n"
        f"http {{\n{places}\n  include {folder}/site.conf;\n}}\n"
    )
    with served_issuer() as issuer:
        settings = {
            "processed_folder": str(processed), "sign_in": "openid", "public_address": f"https://localhost:{tls}",
            "issuer": issuer.address, "client_id": CLIENT, "client_secret_file": str(folder / "client.secret"),
            "session_key_file": str(folder / "session.key"), "audit_folder": str(folder / "audit"),
            "views_file": str(folder / "views.toml"), "pupil_key_file": str(folder / "pupil.key"),
        }  # fmt: skip
        lines = [f"{name} = '{value}'" for name, value in settings.items()]
        (folder / "settings.toml").write_text("\n".join([*lines, f"port = {behind}", "proxy_addresses = ['127.0.0.1']"]))  # fmt: skip
        environment = environment_of_others()
        environment["HNB_SETTINGS"] = str(folder / "settings.toml")
        gunicorn = [sys.executable, "-m", "gunicorn", "--config", str(DEPLOY / "gunicorn.conf.py")]
        nginx = [
            str(NGINX),
            "-p",
            str(folder),
            "-e",
            str(folder / "nginx.log"),
            "-c",
            str(folder / "nginx.conf"),
        ]
        with (
            running(gunicorn, folder / "gunicorn.said", cwd=ROOT, env=environment) as server,
            running(nginx, folder / "nginx.said") as proxy,
        ):
            wait_for(f"http://127.0.0.1:{behind}/readyz", server, folder / "gunicorn.said")
            wait_for(f"https://localhost:{tls}/healthz", proxy, folder / "nginx.said", str(held))
            yield Deployed(f"https://localhost:{tls}", f"http://localhost:{plain}", f"http://127.0.0.1:{behind}", held, folder, issuer)  # fmt: skip


@needs_servers
@pytest.mark.slow
class TestBehindNginx:
    def test_each_role_signs_in_over_tls_and_sees_its_own(self, deployed: Deployed) -> None:
        officer, analyst, meeting = (deployed.signed_in(role) for role in ("officer", "analyst", "meeting"))
        path = f"{deployed.address}/export/listing/placements.csv"
        assert [who.get(path, timeout=60).status_code for who in (officer, analyst, meeting)] == [
            200,
            403,
            403,
        ]
        spend = f"{deployed.address}/export/spend.csv?by=setting"
        assert [who.get(spend, timeout=60).status_code for who in (officer, analyst, meeting)] == [
            200,
            200,
            403,
        ]
        assert deployed.session().get(spend, timeout=60).status_code == 401

    def test_both_processes_know_the_session_and_its_end(self, deployed: Deployed) -> None:
        officer = deployed.signed_in("officer")
        copied = deployed.session()
        copied.cookies.update(officer.cookies)
        layout = f"{deployed.address}/_dash-layout"
        assert {officer.get(layout, timeout=60).status_code for _ in range(8)} == {200}
        officer.post(f"{deployed.address}/sign-out", headers={"Origin": deployed.address}, timeout=60)
        assert {copied.get(layout, timeout=60).status_code for _ in range(8)} == {401}

    def test_headers_compression_and_the_way_to_tls(self, deployed: Deployed) -> None:
        officer = deployed.signed_in("officer")
        answer = officer.get(
            f"{deployed.address}/_dash-dependencies", headers={"Accept-Encoding": "gzip"}, timeout=60
        )
        headers = answer.headers
        assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert headers["Content-Encoding"] == "gzip"
        assert headers["Server"] == "nginx", "and no version"
        plain = deployed.session().get(f"{deployed.plain}/spend", allow_redirects=False, timeout=60)
        assert (plain.status_code, plain.headers["Location"]) == (301, f"{deployed.address}/spend")

    def test_what_a_browser_says_of_itself_is_not_believed(self, deployed: Deployed) -> None:
        said = {"X-Forwarded-User": "chief", "X-Forwarded-Groups": "officer", "X-Forwarded-For": "127.0.0.1"}
        assert (
            deployed.session().get(f"{deployed.address}/_dash-layout", headers=said, timeout=60).status_code
            == 401
        )
        assert requests.get(f"{deployed.behind}/_dash-layout", headers=said, timeout=60).status_code == 400

    def test_the_server_s_log_holds_no_query_and_the_other_says_who(self, deployed: Deployed) -> None:
        officer = deployed.signed_in("officer")
        officer.get(f"{deployed.address}/export/spend.csv?years=2024-25&note=Kevin", timeout=60)
        written = (deployed.folder / "gunicorn.said").read_text() + (
            deployed.folder / "nginx.said"
        ).read_text()
        assert '"rule": "/export/<name>.<any(csv, xlsx):kind>"' in written
        assert "Kevin" not in written
        audit = "".join(path.read_text() for path in (deployed.folder / "audit").iterdir())
        assert '"what": "/export/spend.csv", "selection": "years=2024-25"' in audit
        assert "Kevin" not in audit

    @pytest.mark.browser
    def test_a_browser_is_led_to_its_role_s_pages_and_out_again(self, deployed: Deployed) -> None:
        with opened() as browser:
            for role in ("officer", "analyst", "meeting"):
                deployed.issuer.claims = {"sub": role, "roles": [role], "name": f"Person {role}"}
                page = browser.new_context(ignore_https_errors=True).new_page()
                said: list[str] = []
                page.on("console", lambda message, said=said: said.append(message.text))
                page.goto(f"{deployed.address}/unit-costs?years=2025-26")
                if role == "meeting":
                    page.wait_for_selector("text=The meeting has a screen of its own")
                else:
                    page.wait_for_selector("#provenance")
                    assert page.url == f"{deployed.address}/unit-costs?years=2025-26"
                    assert page.inner_text(".site-person p") == f"Person {role} ({role})"
                    assert page.is_visible("nav >> text=Reconcile") is (role == "officer")
                    assert page.is_visible("text=Save this view") is (role == "officer")
                    assert page.is_visible("text=officers see them") is (role == "analyst")
                found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
                assert [one["id"] for one in found.response["violations"]] == []
                page.click("text=Sign out")
                page.wait_for_selector("text=You are signed out")
                assert [text for text in said if "Content Security Policy" in text] == []
                page.context.close()


@pytest.mark.skipif(os.name == "nt", reason="gunicorn is no program of Windows, which waitress serves")
def test_gunicorn_does_not_start_at_an_open_address_without_sign_in(tmp_path: Path) -> None:
    environment = {**os.environ, "HNB_ADDRESS": "0.0.0.0"}  # noqa: S104 (it is what must be refused)
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        str(DEPLOY / "gunicorn.conf.py"),
        "--check-config",
    ]
    ended = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 2
    assert "serves this machine only" in ended.stderr


def test_the_service_may_do_little_and_runs_what_is_here() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(DEPLOY / "high-needs-block.service", encoding="utf-8")
    service = unit["Service"]
    assert service["ExecStart"].endswith("gunicorn --config deploy/gunicorn.conf.py")
    assert service["User"] != "root"
    assert {name: service[name] for name in ("NoNewPrivileges", "ProtectSystem", "ProtectHome", "CapabilityBoundingSet", "UMask")} == {
        "NoNewPrivileges": "true", "ProtectSystem": "strict", "ProtectHome": "true", "CapabilityBoundingSet": "", "UMask": "0077",
    }  # fmt: skip


def test_the_site_strips_the_headers_by_which_a_proxy_names_a_person() -> None:
    assert re.findall(r'proxy_set_header (X-Forwarded-(?:User|Groups)) "";', SITE) == ["X-Forwarded-User", "X-Forwarded-Groups"]  # fmt: skip
    assert "ssl_protocols TLSv1.2 TLSv1.3;" in SITE
