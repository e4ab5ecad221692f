"""An OpenID issuer on this machine's own address, as strict as a real one, that a test can have lie."""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import flask
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "high-needs", "the secret of the dashboard"


@dataclass
class Issuer:
    """Who signs in next (`claims`), and what is wrong with the token that is given (`forged` claims, `signed_by`)."""

    address: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    forged: dict[str, Any] = field(default_factory=dict)
    without_token: bool = False
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    signed_by: RSAKey | None = None
    _asked: dict[str, dict[str, str]] = field(default_factory=dict)

    def application(self) -> flask.Flask:
        """The issuer's four addresses."""
        server = flask.Flask("issuer")

        @server.get("/.well-known/openid-configuration")
        def discovery() -> Any:
            return {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "jwks_uri": f"{self.address}/keys",
                "id_token_signing_alg_values_supported": ["RS256"],
            }

        @server.get("/keys")
        def keys() -> Any:
            return KeySet([self.key]).as_dict(private=False)

        @server.get("/authorize")
        def authorize() -> Any:
            asked = flask.request.args.to_dict()
            if asked["client_id"] != CLIENT or asked["code_challenge_method"] != "S256":
                flask.abort(400)
            code = secrets.token_urlsafe(12)
            self._asked[code] = asked
            back = {"code": code, "state": asked["state"]}
            return flask.redirect(f"{asked['redirect_uri']}?{urlencode(back)}")

        @server.post("/token")
        def token() -> Any:
            given = flask.request.form
            asked = self._asked.pop(given["code"])  # a code is worth one token
            digest = hashlib.sha256(given["code_verifier"].encode()).digest()
            if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
                flask.abort(400)
            who = flask.request.authorization
            if who is None or (who.username, who.password) != (CLIENT, SECRET):
                flask.abort(401)
            now = int(time.time())
            claims = {
                "iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"],
                **self.claims, **self.forged,
            }  # fmt: skip
            signed = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.signed_by or self.key)
            answer = {"access_token": "unused", "token_type": "Bearer", "expires_in": 300}
            return answer if self.without_token else {**answer, "id_token": signed}

        return server


@contextmanager
def served_issuer() -> Iterator[Issuer]:
    """An issuer that answers until the body ends."""
    issuer = Issuer()
    server = make_server("127.0.0.1", 0, issuer.application(), threaded=True)
    issuer.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
