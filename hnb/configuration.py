"""What one authority's installation may choose: one `settings.toml`, validated, overridable from the environment.

Each choice is declared once, in `Configuration`, with its type, default, bounds and meaning; the check, the
environment's name (`HNB_` and the name in capitals) and `python -m hnb settings` follow. The module is not
called settings because in this trade a setting is a kind of school.
"""

from __future__ import annotations

import dataclasses
import difflib
import ipaddress
import json
import math
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_type_hints

from hnb.errors import HnbError

FILE_NAME = "settings.toml"
PREFIX = "HNB_"
FILE_VARIABLE = "HNB_SETTINGS"
"""The one name in the environment that is not a value: where the settings file is."""

ONS_CODE = r"[EWSN]\d{8}"

_LOOPBACK_ADDRESS = r"http://(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?"
_A_VALUE = r"[^\x00-\x1f,]+"
_HEADER = r"[A-Za-z][A-Za-z0-9-]*"


def declared(
    default: Any,
    meaning: str,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    pattern: str = "",
    pattern_words: str = "",
) -> Any:
    """A dataclass field that carries what a person and the check need to know of it. Bounds are inclusive."""
    return dataclasses.field(
        default=default,
        metadata={
            "meaning": meaning,
            "minimum": minimum,
            "maximum": maximum,
            "pattern": pattern,
            "pattern_words": pattern_words,
        },
    )


@dataclass(frozen=True)
class Configuration:
    """Every choice of an installation. Folders are as the file gives them, made whole by the file's own folder.

    `origins` says for each name where its value came from: "default", "settings.toml", or the name in the
    environment. It takes no part in comparison.
    """

    authority: str = declared(
        "E09000029",
        "ONS code of the local authority whose high needs block this is.",
        pattern=ONS_CODE,
        pattern_words='an ONS code such as "E09000029"',
    )
    authority_name: str = declared("Sutton", "The authority's name, as titles and sentences say it.")
    board_name: str = declared(
        "Sutton Education Partnership", "The meeting that takes the review's recommendations forward."
    )
    board_initials: str = declared("SEP", "Its initials, where room is short.")
    logo_text: str = declared(
        "SEP", "What stands in place of the board's logo on the meeting's screen and in packs: a few letters."
    )
    block_name: str = declared("High Needs Block", "What the block of grant is called in titles.")
    comparators: tuple[str, ...] = declared(
        ("315", "919", "826", "873", "931", "314", "822", "938", "839", "825"),
        "Authorities to compare with, in order: ONS codes or DfE's three digits. "
        "The default is Sutton's statistical neighbours of May 2025 (DfE).",
        pattern=rf"{ONS_CODE}|\d{{3}}",
        pattern_words='an ONS code such as "E09000029" or DfE\'s three digits such as "319"',
    )
    screen_threshold: int = declared(
        6,
        "Small numbers on the meeting's screen: counts from 1 to one below this are hidden. "
        "The council's data protection officer decides it.",
        minimum=2,
        maximum=1000,
    )
    pack_threshold: int = declared(
        10,
        "The same for packs that leave the room; never below the screen's.",
        minimum=2,
        maximum=1000,
    )
    raw_folder: Path = declared(  # noqa: RUF009 (a Path is immutable)
        Path("data/raw"), "Where the workbooks are read from."
    )
    processed_folder: Path = declared(  # noqa: RUF009
        Path("data/processed"), "Where snapshots of the tables are published."
    )
    published_folder: Path = declared(  # noqa: RUF009
        Path("data/published"),
        "Where publications are kept: what outside audiences may see, and were shown.",
    )
    layouts_folder: Path = declared(  # noqa: RUF009
        Path("data/layouts"),
        "Layouts of your own, beside those that come with the program; it need not be there.",
    )
    mappings_folder: Path = declared(  # noqa: RUF009
        Path("data/mappings"),
        "What officers keep beside the workbooks: the mapping of ledger codes, confirmed suppliers, figures typed from a publication. It need not be there.",
    )
    partitions_folder: Path = declared(  # noqa: RUF009
        Path("data/partitions"),
        "Where `python -m hnb partition` writes snapshots' tables by authority and year, for the engines that read them so.",
    )
    pupil_key_file: Path = declared(  # noqa: RUF009
        Path(".hnb/pupil.key"),
        "The key that turns a child's identifier into `pupil_id`. It stays outside the data folders.",
    )
    views_file: Path = declared(  # noqa: RUF009
        Path("data/views/views.toml"),
        "Views of the dashboard that officers saved under a name: links, no figures. Made when the first is saved.",
    )
    questions_file: Path = declared(  # noqa: RUF009
        Path("data/meeting/questions.toml"),
        "Questions taken away from meetings, with the role of who asked. Made when the first is kept.",
    )
    measures_file: Path = declared(  # noqa: RUF009
        Path("data/measures/measures.toml"),
        "Measures that analysts have declared, beside those that come with the program; it need not be there.",
    )
    snapshots_kept: int = declared(
        5, "How many published snapshots stay, the current one included.", minimum=1, maximum=1000
    )
    total_tolerance: float = declared(
        0.01,
        "How far in pounds a sum may stand from the total that its file prints before that is reported.",
        minimum=0,
        maximum=1000,
    )
    magnitude_change_share: float = declared(
        0.5,
        "A table that grows or shrinks by more than this share since the last load is reported as a note.",
        minimum=0.01,
        maximum=100,
    )
    reading_processes: int = declared(
        2, "How many files are read at once; 0 is as many as the machine has cores.", minimum=0, maximum=64
    )
    engine: str = declared(
        "embedded",
        'What works out measures in notebooks: "embedded" (in memory, from the snapshot), "streaming" (Polars, from the '
        'partitioned set) or "spark" (PySpark, likewise; docs/scale.md). The answers are the same.',
        pattern="embedded|streaming|spark",
        pattern_words="embedded, streaming or spark",
    )
    address: str = declared(
        "127.0.0.1",
        "The address at which the dashboard is served. Any but this machine's own is refused without sign-in.",
    )
    port: int = declared(8050, "The port at which the dashboard is served.", minimum=1024, maximum=65535)
    sign_in: str = declared(
        "none",
        'How people sign in: "none" (this machine only, whoever sits at it is an officer), "openid" (OpenID Connect, '
        'such as Entra ID) or "proxy" (a reverse proxy says who it is).',
        pattern="none|openid|proxy",
        pattern_words="none, openid or proxy",
    )
    public_address: str = declared(
        "",
        "Where people's browsers reach the dashboard when it has sign-in, such as https://high-needs.council.example.",
        pattern=rf"|https://[\w.\-\[\]:]+|{_LOOPBACK_ADDRESS}",
        pattern_words="the beginning of an https address, without a path",
    )
    issuer: str = declared(
        "",
        "The OpenID issuer, such as https://login.microsoftonline.com/TENANT/v2.0; its discovery document lies under it.",
        pattern=rf"|https://\S+|{_LOOPBACK_ADDRESS}\S*",
        pattern_words="an https address",
    )
    client_id: str = declared("", "The name under which the dashboard is registered with the issuer.")
    client_secret_file: Path = declared(  # noqa: RUF009
        Path(".hnb/client.secret"),
        "The secret that the issuer gave for that name, alone in a file outside the data that only the server may read.",
    )
    role_claim: str = declared(
        "roles",
        "The claim of the issuer's token that says a person's roles or groups (Entra ID's app roles: roles).",
    )
    person_claim: str = declared(
        "sub",
        "The claim that names a person in the audit log: sub, or with Entra ID oid, by which a person is found there.",
    )
    officer_values: tuple[str, ...] = declared(
        ("officer",),
        "Values of the claim, or of the proxy's header, that make a person an officer: sees everything.",
        pattern=_A_VALUE,
        pattern_words="text",
    )
    analyst_values: tuple[str, ...] = declared(
        ("analyst",),
        "The same for an analyst: measures and tables, never an identifier or the row of a child.",
        pattern=_A_VALUE,
        pattern_words="text",
    )
    meeting_values: tuple[str, ...] = declared(
        ("meeting",),
        "The same for the meeting: its own screen with what is published, and nothing of this dashboard.",
        pattern=_A_VALUE,
        pattern_words="text",
    )
    meeting_address: str = declared(
        "",
        "Where the meeting's screen is, for whoever signs in here with the meeting's role.",
        pattern=rf"|https://\S+|{_LOOPBACK_ADDRESS}\S*",
        pattern_words="an https address",
    )
    proxy_addresses: tuple[str, ...] = declared(
        (),
        "Addresses of the reverse proxy before the dashboard. Only from these is a header taken that says who asks, or from where.",
        pattern=r"[0-9a-fA-F.:]+",
        pattern_words="an IP address",
    )
    proxy_user_header: str = declared(
        "X-Forwarded-User",
        "The header in which that proxy names the person.",
        pattern=_HEADER,
        pattern_words="the name of a header",
    )
    proxy_roles_header: str = declared(
        "X-Forwarded-Groups",
        "The header in which it gives the person's roles or groups, with commas between them.",
        pattern=_HEADER,
        pattern_words="the name of a header",
    )
    session_key_file: Path = declared(  # noqa: RUF009
        Path(".hnb/session.key"),
        "The key that signs the cookies of those who are signed in; made at the first start. Taking it away signs everybody out.",
    )
    session_hours: int = declared(
        10, "How many hours after signing in a person must sign in again.", minimum=1, maximum=24
    )
    audit_folder: Path = declared(  # noqa: RUF009
        Path(".hnb/audit"),
        "Where it is written who saw which view and took which file, a file a day, when there is sign-in. No figure and nothing of a child is in it.",
    )
    audit_days: int = declared(400, "How many days such a file is kept.", minimum=1, maximum=4000)
    requests_per_minute: int = declared(
        600,
        "How many requests of one person, or of one address before signing in, are answered in a minute.",
        minimum=10,
        maximum=100_000,
    )
    exports_per_minute: int = declared(
        60, "How many files one person may take in a minute.", minimum=1, maximum=10_000
    )
    origins: Mapping[str, str] = dataclasses.field(
        default_factory=lambda: MappingProxyType({}), repr=False, compare=False
    )


@dataclass(frozen=True)
class Choice:
    """One declared choice: what `python -m hnb settings` shows of it beside its value."""

    name: str
    type: Any
    default: Any
    meaning: str
    minimum: float | None
    maximum: float | None
    pattern: str
    pattern_words: str

    @property
    def variable(self) -> str:
        """Its name in the environment: "port" → "HNB_PORT"."""
        return PREFIX + self.name.upper()

    @property
    def expected(self) -> str:
        """What a good value is, in words."""
        if self.pattern_words:
            one = self.pattern_words
            return f"a list, each {one}" if self.type == tuple[str, ...] else one
        noun = {
            str: "text that is not blank",
            int: "a whole number",
            float: "a number",
            Path: "a folder or file",
        }[self.type]
        return f"{noun} from {self.minimum:g} to {self.maximum:g}" if self.minimum is not None else noun


def _choices() -> dict[str, Choice]:
    hints = get_type_hints(Configuration)
    return {
        field.name: Choice(field.name, hints[field.name], field.default, **field.metadata)
        for field in dataclasses.fields(Configuration)
        if field.name != "origins"
    }


CHOICES: Mapping[str, Choice] = MappingProxyType(_choices())
"""Every choice by name, in the order in which they are shown."""


def parse(
    mapping: Mapping[str, Any],
    environment: Mapping[str, str],
    *,
    folder: Path = Path(),
    file: str = FILE_NAME,
) -> Configuration:
    """The configuration that a parsed settings file and an environment give together. Pure.

    The environment stands before the file, the file before the default. Relative folders, from either, are
    relative to `folder`, the settings file's; "~" is the environment's HOME or USERPROFILE. A list in the
    environment is written with commas. A blank value in the environment counts as not given.

    Raises HnbError that says everything wrong at once: unknown names with the nearest known one, wrong
    types, values out of range, and choices that contradict one another.
    """
    faults = _unknown(mapping, environment, file)
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for name, choice in CHOICES.items():
        values[name], origins[name] = choice.default, "default"
        if environment.get(choice.variable, "").strip():
            given, origin = _from_text(environment[choice.variable].strip(), choice), choice.variable
        elif name in mapping:
            given, origin = mapping[name], file
        else:
            continue
        fault = _fault(given, choice)
        if fault:
            where = f"{file}, {name}" if origin == file else f"{origin} in the environment"
            faults.append(f"{where}: {fault}.")
        else:
            values[name], origins[name] = _typed(given, choice), origin
    for name, choice in CHOICES.items():
        if choice.type is Path:
            try:
                values[name] = _placed(values[name], folder, environment)
            except LookupError:
                faults.append(
                    f'{origins[name]}, {name}: "~" stands for your home folder, which is not known here.'
                )
    faults.extend(_contradictions(values))
    if faults:
        raise HnbError(
            faults[0] if len(faults) == 1 else "\n".join([f"{len(faults)} things to mend:", *faults])
        )
    return Configuration(**values, origins=MappingProxyType(origins))


def load(path: Path | None = None, environment: Mapping[str, str] | None = None) -> Configuration:
    """The configuration of this installation: the only function here that touches a file or the environment.

    `path` is the settings file; without it the one that HNB_SETTINGS names, or else `settings.toml` in the
    current folder or at the project's root. Where neither is, every value is its default and folders are
    relative to the current folder. Raises HnbError when a named file is not there, when it is not TOML, and
    as `parse` does.
    """
    environment = os.environ if environment is None else environment
    if path is None and environment.get(FILE_VARIABLE, "").strip():
        path = Path(environment[FILE_VARIABLE].strip())
    if path is None:
        root = Path(__file__).resolve().parent.parent
        path = next((place / FILE_NAME for place in (Path(), root) if (place / FILE_NAME).is_file()), None)
    if path is None:
        return parse({}, environment, folder=Path.cwd())
    return parse(_document(path), environment, folder=path.resolve().parent, file=path.name)


def _document(path: Path) -> dict[str, Any]:
    try:
        # Windows Notepad may begin a file with a byte order mark, which TOML does not allow.
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise HnbError(
            f"{path} cannot be read ({error.strerror}). Give the path of a settings file."
        ) from error
    except UnicodeDecodeError as error:
        raise HnbError(f"{path} is not UTF-8 text. Save it again with the encoding UTF-8.") from error
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        hint = (
            "Write a folder with / or between single quotes: 'C:\\data'"
            if "\\" in text
            else "Put text in quotes"
        )
        raise HnbError(f"{path} is not TOML: {error}. {hint}, and one `name = value` on a line.") from error


def _unknown(mapping: Mapping[str, Any], environment: Mapping[str, str], file: str) -> list[str]:
    """A sentence for each name that no choice has. A misspelt threshold must not pass for the default."""
    variables = {choice.variable for choice in CHOICES.values()}
    faults = [
        f"{file}: there is no setting {name}{_nearest(name, CHOICES)}."
        for name in mapping
        if name not in CHOICES
    ]
    faults += [
        f"The environment: there is no {name}{_nearest(name, variables)}."
        for name in sorted(environment)
        if name.startswith(PREFIX) and name != FILE_VARIABLE and name not in variables
    ]
    return faults


def _nearest(name: str, known: Mapping[str, Any] | set[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.5)
    return (
        f"; perhaps {near[0]} was meant" if near else "; `python -m hnb settings` shows those that there are"
    )


def _from_text(text: str, choice: Choice) -> Any:
    """A value of the environment as TOML would have given it; text that does not fit stays text."""
    if choice.type == tuple[str, ...]:
        return [part.strip() for part in text.split(",") if part.strip()]
    for kind in (int, float):
        if choice.type is kind:
            try:
                return kind(text)
            except ValueError:
                return text
    return text


def _fault(given: Any, choice: Choice) -> str:
    """What is wrong with a value, or an empty text."""
    shown = json.dumps(given, ensure_ascii=False, default=str)
    wrong = f"{shown} is not {choice.expected}"
    if choice.type == tuple[str, ...]:
        if not isinstance(given, list):
            return wrong
        bad = [item for item in given if not (isinstance(item, str) and re.fullmatch(choice.pattern, item))]
        if bad:
            hint = (
                "; codes are text: put them in quotes" if any(isinstance(item, int) for item in bad) else ""
            )
            return f"{', '.join(map(str, bad))} is not {choice.pattern_words}{hint}"
        twice = sorted({item for item in given if given.count(item) > 1})
        return f"{', '.join(twice)} is there twice" if twice else ""
    if choice.type in (str, Path):
        if given == "" == choice.default:
            return ""  # a choice that need not be made
        good = (
            isinstance(given, str)
            and given.strip()
            and re.fullmatch(choice.pattern or r"[^\x00-\x1f]+", given)
        )
        return "" if good else wrong
    # In Python true is a whole number; in a settings file it is a slip.
    whole = isinstance(given, int) and not isinstance(given, bool)
    number = whole or (choice.type is float and isinstance(given, float) and math.isfinite(given))
    low = -math.inf if choice.minimum is None else choice.minimum
    high = math.inf if choice.maximum is None else choice.maximum
    return "" if number and low <= given <= high else wrong


def _typed(given: Any, choice: Choice) -> Any:
    if choice.type == tuple[str, ...]:
        return tuple(given)
    return choice.type(given.strip() if isinstance(given, str) else given)


def _placed(given: Path, folder: Path, environment: Mapping[str, str]) -> Path:
    """The path from the settings file's folder, "~" and ".." worked out. LookupError without a home folder."""
    if given.parts and given.parts[0] == "~":
        home = environment.get("HOME") or environment.get("USERPROFILE")
        if not home:
            raise LookupError("no home folder")
        given = Path(home, *given.parts[1:])
    return Path(os.path.normpath(folder / given))


def _contradictions(values: Mapping[str, Any]) -> list[str]:
    faults = []
    if values["pack_threshold"] < values["screen_threshold"]:
        faults.append(
            f"pack_threshold {values['pack_threshold']} is below screen_threshold {values['screen_threshold']}: "
            "what leaves the room must hide at least as much as the screen. Raise the one or lower the other."
        )
    raw, processed, key = values["raw_folder"], values["processed_folder"], values["pupil_key_file"]
    if raw == processed or raw in processed.parents or processed in raw.parents:
        faults.append(
            "raw_folder and processed_folder must be apart: neither may be the other or lie within it."
        )
    if raw in key.parents or processed in key.parents:
        faults.append(
            "pupil_key_file must be outside raw_folder and processed_folder: who has the data must not have the key."
        )
    for name in ("session_key_file", "client_secret_file", "audit_folder"):
        if (
            raw in values[name].parents
            or processed in values[name].parents
            or values[name] in (raw, processed)
        ):
            faults.append(f"{name} must be outside raw_folder and processed_folder: it is no data.")
    return [*faults, *_of_sign_in(values)]


def _of_sign_in(values: Mapping[str, Any]) -> list[str]:
    """What is missing or contradicts itself in how people sign in."""
    faults = [fault] if (fault := open_address_fault(values["address"], values["sign_in"])) else []
    needed = {
        "openid": ("public_address", "issuer", "client_id"),
        "proxy": ("public_address", "proxy_addresses"),
    }
    missing = [name for name in needed.get(values["sign_in"], ()) if not values[name]]
    if missing:
        faults.append(f'sign_in is "{values["sign_in"]}" and needs {", ".join(missing)}: say what they are.')
    said: dict[str, str] = {}
    for name in ("officer_values", "analyst_values", "meeting_values"):
        for value in values[name]:
            if value in said:
                faults.append(
                    f"{value} is in {said[value]} and in {name}: a value gives one role. Take one out."
                )
            said.setdefault(value, name)
    return faults


def is_this_machine(address: str) -> bool:
    """Whether an address is this machine's own, which no other can reach."""
    try:
        return address == "localhost" or ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def open_address_fault(address: str, sign_in: str) -> str:
    """Why a server may not listen at an address, in a sentence; blank where it may."""
    if sign_in != "none" or is_this_machine(address):
        return ""
    return (
        f"Without sign-in the dashboard serves this machine only, and {address} can be reached from others: whoever did "
        "would be an officer. Set up sign_in (docs/sign-in.md), or leave address at 127.0.0.1."
    )
