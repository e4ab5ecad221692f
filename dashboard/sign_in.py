"""The gate before an application: who is asking, may that person ask this, and how often.

It knows three ways (the setting `sign_in`): none, where only this machine can ask and whoever does is an officer;
`openid`, where an issuer says who it is and a signed cookie keeps that; `proxy`, where a reverse proxy at a named
address says so with each request. It stands before any Flask application, given the least role of each endpoint.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import flask

from dashboard import audit, logs, roles
from dashboard.ended_sessions import NAME, EndedSessions
from dashboard.plain_page import plain_page
from dashboard.roles import ANALYST, MEETING, OFFICER, PUBLIC, Person
from hnb.configuration import Configuration, open_address_fault
from hnb.errors import HnbError
from hnb.key_file import key_in

SIGN_IN, RETURN, SIGN_OUT = "/sign-in", "/sign-in/return", "/sign-out"

ENDPOINTS: Mapping[str, str] = {"sign_in": PUBLIC, "sign_in_return": PUBLIC, "sign_out": MEETING}
"""The gate's own endpoints and their least roles."""

_ISSUER = "issuer"
_MOST_UNDER_WAY = 2
"""Sign-ins that one browser may have begun and not ended, in as many windows: more would not fit into its cookie."""

_LONGEST_NEXT = 1_000
"""Characters of an address to come back to: a cookie, which keeps it meanwhile, holds four thousand."""


def install(
    server: flask.Flask,
    configuration: Configuration,
    least: Mapping[str, str],
    *,
    documents: Iterable[str] = (),
    counted: Iterable[str] = (),
    clock: Callable[[], float] = time.time,
) -> None:
    """Put the gate before every request of an application.

    Parameters
    ----------
    least: the least role of each endpoint; an endpoint that is not in it is for officers.
    documents: the endpoints that a person opens in a browser: who is not signed in is led to sign in from there.
    counted: the endpoints that give files away, which have a limit of their own.

    Raises HnbError when the settings would leave the application open, or a key cannot be read.
    """
    refuse_open(configuration)
    if configuration.sign_in == "none":
        roles.answer_only(server, roles.AT_THIS_MACHINE)
        return
    _Gate(server, configuration, {**least, **ENDPOINTS}, tuple(documents), tuple(counted), clock).stand()


def refuse_open(configuration: Configuration) -> None:
    """Raise HnbError, in a sentence, where others could reach the address and nobody signs in."""
    if fault := open_address_fault(configuration.address, configuration.sign_in):
        raise HnbError(fault)


def role_of(values: Iterable[str], configuration: Configuration) -> str:
    """The highest role that any of the values gives; `PUBLIC` where none gives one."""
    given = set(values)
    by_role = {
        OFFICER: configuration.officer_values,
        ANALYST: configuration.analyst_values,
        MEETING: configuration.meeting_values,
    }
    return next((role for role, known in by_role.items() if given & set(known)), PUBLIC)


@dataclass(frozen=True)
class _Gate:
    server: flask.Flask
    configuration: Configuration
    least: Mapping[str, str]
    documents: tuple[str, ...]
    counted: tuple[str, ...]
    clock: Callable[[], float]

    def stand(self) -> None:
        """Take every request first, and have the answers say so."""
        from limits import RateLimitItemPerMinute
        from limits.storage import MemoryStorage
        from limits.strategies import MovingWindowRateLimiter

        configuration, server = self.configuration, self.server
        public = urlsplit(configuration.public_address)
        is_secure = public.scheme == "https"
        audit.keep(server, audit.AuditLog(configuration.audit_folder, configuration.audit_days))
        limiter = MovingWindowRateLimiter(MemoryStorage())
        every = RateLimitItemPerMinute(configuration.requests_per_minute)
        files = RateLimitItemPerMinute(configuration.exports_per_minute)
        server.wsgi_app = _with_scheme(server.wsgi_app, public.scheme)  # type: ignore[method-assign]
        if configuration.sign_in == "openid":
            self._take_sessions(is_secure)
            who = self._of_session
        else:
            who = self._of_proxy

        def gate() -> flask.Response | None:
            endpoint = flask.request.endpoint or ""
            needed = self.least.get(endpoint, OFFICER)
            if needed == PUBLIC and endpoint not in ENDPOINTS:
                roles.is_from(
                    roles.NOBODY
                )  # the same for everybody: the cookie is not looked at, and caches need not
                return None
            person = who()
            roles.is_from(person)
            whose = person.subject or f"at {self._remote()}"
            within = limiter.hit(every, "every", whose)
            if not (within and (endpoint not in self.counted or limiter.hit(files, "files", whose))):
                return _too_often()
            return None if roles.reaches(person.role, needed) else self._refused(person, endpoint)

        # Before whatever else the application does before a request; the check of the Host goes before this one.
        server.before_request_funcs.setdefault(None, []).insert(0, gate)

        @server.after_request
        def told(response: flask.Response) -> flask.Response:
            endpoint = flask.request.endpoint or ""
            if not roles.person().subject:
                pass  # whoever is not signed in sees nothing, and cannot fill the disk either
            elif endpoint in self.counted:
                # A name that is none of ours is not repeated: anything can be typed there.
                name = flask.request.path if response.status_code == 200 else endpoint
                audit.record("export", name, flask.request.query_string.decode("ascii", "replace"), response.status_code)  # fmt: skip
            elif response.status_code in (403, 429):
                audit.record("refused", endpoint or "none", status=response.status_code)
            if is_secure:
                response.headers["Strict-Transport-Security"] = "max-age=31536000"
            return response

        @server.errorhandler(roles.ForbiddenError)
        def forbidden(error: roles.ForbiddenError) -> tuple[str, int]:
            return str(error), 403

    # ----------------------------------------------------------------------------------- who asks

    def _remote(self) -> str:
        """The address that the request came from, through our own proxy where there is one."""
        remote = flask.request.remote_addr or ""
        if remote in self.configuration.proxy_addresses:
            forwarded = flask.request.headers.get("X-Forwarded-For", "")
            return forwarded.rpartition(",")[2].strip() or remote
        return remote

    def _of_proxy(self) -> Person:
        if (flask.request.remote_addr or "") not in self.configuration.proxy_addresses:
            return roles.NOBODY
        subject = flask.request.headers.get(self.configuration.proxy_user_header, "").strip()
        if not subject:
            return roles.NOBODY
        given = flask.request.headers.get(self.configuration.proxy_roles_header, "")
        role = role_of((value.strip() for value in given.split(",")), self.configuration)
        return Person(subject[:200], role, subject[:200])

    def _of_session(self) -> Person:
        session = flask.session
        subject, role, number = session.get("subject"), session.get("role"), session.get("number")
        if not (isinstance(subject, str) and subject and role in roles.ROLES and isinstance(number, str)):
            return roles.NOBODY
        if session.get("until", 0) <= self.clock() or self._ended().has(number):
            session.clear()
            return roles.NOBODY
        return Person(subject, role, str(session.get("name", "")))

    def _ended(self) -> EndedSessions:
        ended: EndedSessions = self.server.extensions["hnb_ended_sessions"]
        return ended

    # ------------------------------------------------------------------------------------- refusals

    def _refused(self, person: Person, endpoint: str) -> flask.Response:
        # A browser looks for pictures and the like at addresses of its own; that is nobody who wants to sign in.
        is_document = endpoint in self.documents and flask.request.headers.get("Sec-Fetch-Dest", "document") == "document"  # fmt: skip
        if person.role == PUBLIC and not person.subject:
            if is_document and self.configuration.sign_in == "openid":
                return flask.redirect(f"{SIGN_IN}?{_coming_back()}")  # type: ignore[return-value]
            return plain_page("Not signed in", [_WHO[self.configuration.sign_in]], status=401)
        way_out = SIGN_OUT if "sign_out" in self.server.view_functions else ""
        if person.role == MEETING:
            address = self.configuration.meeting_address
            links = [("To the meeting's screen", address)] if address else []
            return plain_page("The meeting has a screen of its own", [_MEETING], links, 403, sign_out=way_out)
        if person.role == PUBLIC:
            return plain_page("No role", [_NO_ROLE], status=403)
        said = f"You are signed in as {person.role}; this is for others."
        return plain_page("Not for this role", [said], [("To the first page", "/")], 403, sign_out=way_out)

    # ------------------------------------------------------------------------------ OpenID Connect

    def _take_sessions(self, is_secure: bool) -> None:
        from authlib.integrations.flask_client import OAuth

        configuration, server = self.configuration, self.server
        server.secret_key = key_in(configuration.session_key_file, "The key of sessions", "session_key_file")
        server.config.update(
            SESSION_COOKIE_NAME="__Host-hnb" if is_secure else "hnb",
            SESSION_COOKIE_SECURE=is_secure,
            SESSION_COOKIE_HTTPONLY=True,
            SESSION_COOKIE_SAMESITE="Lax",
            SESSION_COOKIE_PATH="/",
            SESSION_REFRESH_EACH_REQUEST=False,
            PERMANENT_SESSION_LIFETIME=configuration.session_hours * 3600,
        )
        server.extensions["hnb_ended_sessions"] = EndedSessions(
            configuration.session_key_file.with_name(NAME)
        )
        oauth = OAuth(server)
        oauth.register(
            _ISSUER,
            client_id=configuration.client_id,
            client_secret=_secret(configuration),
            server_metadata_url=f"{configuration.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={"scope": "openid profile", "code_challenge_method": "S256", "timeout": 10},
        )
        issuer = oauth.create_client(_ISSUER)
        server.add_url_rule(SIGN_IN, "sign_in", lambda: self._leave_for(issuer), methods=["GET"])
        server.add_url_rule(RETURN, "sign_in_return", lambda: self._come_back(issuer), methods=["GET"])
        server.add_url_rule(SIGN_OUT, "sign_out", self._sign_out, methods=["POST"])

    def _leave_for(self, issuer: Any) -> flask.Response:
        if len(flask.session) > _MOST_UNDER_WAY:
            flask.session.clear()
        flask.session["next"] = _own_address(flask.request.args.get("next", ""))
        answer = _asking(lambda: issuer.authorize_redirect(f"{self.configuration.public_address}{RETURN}"))
        return _no_answer() if answer is None else answer

    def _come_back(self, issuer: Any) -> flask.Response:
        configuration = self.configuration
        options = {
            "iss": {"essential": True, "values": [configuration.issuer.rstrip("/"), f"{configuration.issuer.rstrip('/')}/"]},
            "aud": {"essential": True, "values": [configuration.client_id]},
        }  # fmt: skip
        address = _own_address(flask.session.get("next", ""))
        token = _asking(lambda: issuer.authorize_access_token(claims_options=options))
        flask.session.clear()
        claims = (token or {}).get("userinfo")
        subject = claims.get(configuration.person_claim) if claims and claims.get("sub") else None
        if not isinstance(subject, str) or not subject:
            return _no_answer()
        given = claims.get(configuration.role_claim, [])
        values = [given] if isinstance(given, str) else [value for value in given if isinstance(value, str)] if isinstance(given, list) else []  # fmt: skip
        person = Person(subject[:200], role_of(values, configuration), str(claims.get("name", ""))[:200])
        roles.is_from(person)
        if person.role == PUBLIC:
            audit.record("sign_in", "no role", status=403)
            return plain_page("No role", [_NO_ROLE], status=403)
        flask.session.update(
            subject=person.subject,
            role=person.role,
            name=person.name,
            number=secrets.token_urlsafe(16),
            until=self.clock() + configuration.session_hours * 3600,
        )
        flask.session.permanent = True
        audit.record("sign_in", "signed in")
        return flask.redirect(address)  # type: ignore[return-value]

    def _sign_out(self) -> flask.Response:
        self._ended().end(flask.session["number"], flask.session["until"], self.clock())
        audit.record("sign_out", "signed out")
        flask.session.clear()
        return plain_page("You are signed out", ["Here, that is; the issuer may still know you in this browser."], [("Sign in again", SIGN_IN)])  # fmt: skip


_WHO = {
    "openid": "Sign in first, and open the dashboard anew.",
    "proxy": "The server before this one did not say who you are, or it is not one that is believed.",
}
_MEETING = (
    "Whoever signs in for the meeting sees what is published for it, on the meeting's own screen, and nothing of this "
    "dashboard."
)
_NO_ROLE = (
    "Who you are is known, and none of your roles or groups is one that this dashboard knows. Ask whoever looks after it to "
    "give you the role of an officer, an analyst or the meeting."
)


def _asking(question: Callable[[], Any]) -> Any:
    """What the issuer answers; None, with a line in the log, where it does not or where its answer does not hold."""
    from authlib.common.errors import AuthlibBaseError
    from joserfc.errors import JoseError
    from requests import RequestException

    try:
        return question()
    except (AuthlibBaseError, JoseError, RequestException, KeyError, RuntimeError, ValueError) as error:
        logs.say("the issuer's answer was not taken", error=type(error).__name__)
        return None


def _no_answer() -> flask.Response:
    said = "The issuer did not answer, or its answer does not hold: it was late, meant for another, or not asked for."
    return plain_page("You could not be signed in", [said], [("Try again", SIGN_IN)], 403)


def _too_often() -> flask.Response:
    answer = plain_page("Too much at once", ["So much can be asked in a minute; wait one."], status=429)
    answer.headers["Retry-After"] = "60"
    return answer


def _coming_back() -> str:
    from urllib.parse import urlencode

    return urlencode({"next": _own_address(flask.request.full_path.rstrip("?"))})


def _own_address(given: Any) -> str:
    """A path of ours with its query, to come back to after signing in; the first page for anything else."""
    if not isinstance(given, str) or not given.isprintable() or not given.startswith("/"):
        return "/"
    if given.startswith(("//", "/\\", SIGN_IN, SIGN_OUT)):
        return "/"
    return given if len(given) <= _LONGEST_NEXT else given.partition("?")[0][:_LONGEST_NEXT]


def _secret(configuration: Configuration) -> str:
    try:
        secret = configuration.client_secret_file.read_text("utf-8").strip()
    except OSError as error:
        raise HnbError(
            f"The secret of the issuer, {configuration.client_secret_file}, cannot be read ({error.strerror}). "
            "Write it alone into that file, readable by the server only (client_secret_file in settings.toml)."
        ) from error
    if not secret:
        raise HnbError(
            f"{configuration.client_secret_file} is empty; it must hold the secret that the issuer gave."
        )
    return secret


def _with_scheme(application: Any, scheme: str) -> Any:
    """The application told by which scheme browsers reach it, whatever the server before it speaks."""

    def told(environ: dict[str, Any], start_response: Any) -> Any:
        environ["wsgi.url_scheme"] = scheme
        return application(environ, start_response)

    return told
