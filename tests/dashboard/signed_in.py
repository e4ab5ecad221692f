"""Signing in as a browser would: from the dashboard to the issuer and back, each step followed by hand."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import flask.testing
import requests

from hnb.configuration import Configuration
from tests.dashboard.openid_issuer import CLIENT, SECRET, Issuer

THERE = "https://hnb.council.example"


def configured(folder: Any, processed: Any, issuer: Issuer, **others: Any) -> Configuration:
    """An installation with sign-in at the issuer; its keys and logs lie in `folder`."""
    (folder / "client.secret").write_text(f"{SECRET}\n")
    values: dict[str, Any] = {
        "processed_folder": processed, "sign_in": "openid", "public_address": THERE, "issuer": issuer.address,
        "client_id": CLIENT, "client_secret_file": folder / "client.secret", "session_key_file": folder / "session.key",
        "audit_folder": folder / "audit", "views_file": folder / "views.toml",
        "meeting_address": "https://meeting.council.example", "requests_per_minute": 100_000, "exports_per_minute": 10_000,
    }  # fmt: skip
    return Configuration(**{**values, **others})


def signed_in(
    client: flask.testing.FlaskClient, issuer: Issuer, subject: str, *given: str, at: str = "/spend"
) -> Any:
    """Sign in from a page as somebody with these roles at the issuer; gives the answer to coming back."""
    issuer.claims = {"sub": subject, "roles": list(given), "name": f"Person {subject}"}
    first = client.get(at, base_url=THERE)
    assert (first.status_code, urlsplit(first.location).path) == (302, "/sign-in")
    leaving = client.get(first.location, base_url=THERE)
    assert leaving.status_code == 302
    back = requests.get(leaving.location, allow_redirects=False, timeout=10)
    return client.get(back.headers["Location"].removeprefix(THERE), base_url=THERE)
