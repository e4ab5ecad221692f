"""The meeting's server: pages that work without script, from a publication and a list of questions."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence
from typing import Any, Protocol, cast

import flask
import jinja2
from markupsafe import Markup, escape

from dashboard.figures import palette
from dashboard.figures.board import stylesheet
from dashboard.meeting import guard
from dashboard.meeting.questions_file import QuestionsFile
from dashboard.meeting.shown import Pair
from dashboard.meeting.stage import Stage, staged
from dashboard.packs import KINDS, TITLES, KeptPacks, Kind
from hnb import wording
from hnb.configuration import Configuration
from hnb.errors import HnbError
from hnb.meeting import questions as asked
from hnb.meeting.story import markdown
from hnb.meeting.view import View

_HYPHENED = re.compile(r"[+−]£?[\d.,]*\d[mk%]?|\w+(?:-\w+)+")


class Source(Protocol):
    """What gives the publication to show."""

    def pair(self) -> Pair:
        """The latest publication with the one before it."""
        ...


def create_app(
    source: Source,
    questions: QuestionsFile,
    configuration: Configuration,
    today: Callable[[], datetime.date],
    packs: KeptPacks | None = None,
) -> flask.Flask:
    """The meeting over a source of publications, ready to be served.

    today: gives the day on which a question is asked. packs: of the same folder of publications, which the last
    view offers to take away; none are offered without it.
    """
    server = flask.Flask(
        "dashboard.meeting", static_folder="assets", static_url_path="/assets", template_folder="templates"
    )
    server.jinja_env.undefined = jinja2.StrictUndefined
    server.jinja_env.filters["day"] = wording.date
    server.jinja_env.filters["whole"] = _whole
    pages = _Pages(source, questions, configuration, today, packs)
    for rule, name, page, methods in (
        ("/", "start", pages.start, ["GET"]),
        ("/meeting", "first", pages.first, ["GET"]),
        ("/meeting/<view_id>", "view", pages.view, ["GET"]),
        ("/meeting/table/<view_id>", "table", pages.table, ["GET"]),
        ("/meeting/notes", "notes", pages.notes, ["GET"]),
        ("/meeting/notes/<view_id>", "notes_of", pages.notes, ["GET"]),
        ("/meeting/story", "story", pages.story, ["GET"]),
        ("/story.md", "story_text", pages.story_text, ["GET"]),
        ("/meeting/questions", "questions", pages.questions_page, ["GET"]),
        ("/meeting/questions", "ask", pages.ask, ["POST"]),
        ("/meeting/questions/all", "all_questions", pages.all_questions, ["GET"]),
        ("/meeting/questions/<int:question_id>", "mark", pages.mark, ["POST"]),
        ("/meeting/pack/<kind>", "pack", pages.pack, ["GET"]),
        ("/colours.css", "colours", pages.colours, ["GET"]),
    ):  # fmt: skip
        server.add_url_rule(rule, name, page, methods=methods, provide_automatic_options=False)
    guard.install(server, configuration)

    @server.errorhandler(HnbError)
    def to_be_mended(error: HnbError) -> tuple[str, int]:
        return flask.render_template("refused.html", title="The meeting cannot be shown", said=str(error), board=configuration.board_name), 503  # fmt: skip

    @server.errorhandler(404)
    def not_there(_error: Exception) -> tuple[str, int]:
        return flask.render_template("refused.html", title="There is no such view", said="The address leads to no view of this publication.", board=configuration.board_name), 404  # fmt: skip

    return server


def _whole(words: str) -> Markup:
    """Words of which a hyphen or a sign does not end a line: "2026-27", "non-maintained" and "+£4k" stay whole. Escaped."""
    return Markup(_HYPHENED.sub(r'<span class="whole">\g<0></span>', str(escape(words))))  # noqa: S704


class _Pages:
    """One method a page; each reads the publication anew, since there may be a newer one."""

    def __init__(
        self,
        source: Source,
        questions: QuestionsFile,
        configuration: Configuration,
        today: Callable[[], datetime.date],
        packs: KeptPacks | None,
    ) -> None:
        self.source, self.questions, self.configuration, self.today = source, questions, configuration, today
        self.packs = packs

    def start(self) -> Any:
        return flask.redirect("/meeting", 302)

    def first(self) -> str:
        views = self._views()
        return self._staged(views, views[0].view_id)

    def view(self, view_id: str) -> str:
        return self._staged(self._views(), view_id)

    def table(self, view_id: str) -> str:
        return self._page("table.html", stage=self._stage(self._views(), view_id))

    def notes(self, view_id: str = "") -> str:
        views = self._views()
        return self._page("notes.html", stage=self._stage(views, view_id or views[0].view_id))

    def story(self) -> str:
        told = self.source.pair().story
        return self._page("story.html", story=told, text=markdown(told, flask.request.host_url.rstrip("/")))

    def story_text(self) -> flask.Response:
        text = markdown(self.source.pair().story, flask.request.host_url.rstrip("/"))
        answer = flask.Response(text, mimetype="text/markdown")
        answer.headers["Content-Disposition"] = 'attachment; filename="story.md"'
        return answer

    def questions_page(self, refused: str = "", text: str = "", asked_by: str = "") -> str:
        views = self._views()
        about = flask.request.values.get("view_id", "")
        known = {view.view_id for view in views}
        return self._page(
            "questions.html",
            stage=self._stage(views, asked.VIEW_ID),
            choices=[(view.view_id, view.part.partition(": ")[0]) for view in views if view.view_id != asked.VIEW_ID],
            about=about if about in known else views[0].view_id,
            open_questions=[one for one in self.questions.all() if one.answered_on is None][-3:],
            packs=TITLES if self.packs is not None else {},
            refused=refused,
            text=text[: asked.LONGEST_TEXT],
            asked_by=asked_by[: asked.LONGEST_ROLE],
            longest_text=asked.LONGEST_TEXT,
            longest_role=asked.LONGEST_ROLE,
        )  # fmt: skip

    def ask(self) -> Any:
        form = flask.request.form
        view_id, text, asked_by = (form.get(name, "") for name in ("view_id", "text", "asked_by"))
        if view_id not in {view.view_id for view in self._views()}:
            flask.abort(400, "A question is asked at a view of the meeting.")
        try:
            self.questions.add(view_id, text, asked_by, self.today())
        except HnbError as error:
            # What was refused is not sent back: it may be what must not be written down.
            return self.questions_page(refused=str(error)), 422
        return flask.redirect("/meeting/questions", 303)

    def all_questions(self) -> str:
        titles = {view.view_id: view.part.partition(": ")[0] for view in self._views()}
        return self._page("all_questions.html", all_questions=self.questions.all(), titles=titles)

    def mark(self, question_id: int) -> Any:
        is_answered = flask.request.form.get("answered", "") == "yes"
        self.questions.mark(question_id, self.today() if is_answered else None)
        back = (
            "/meeting/questions/all" if flask.request.form.get("back", "") == "all" else "/meeting/questions"
        )
        return flask.redirect(back, 303)

    def pack(self, kind: str) -> flask.Response:
        if self.packs is None or kind not in KINDS:
            flask.abort(404)
        file = self.packs.file(cast(Kind, kind))
        answer = flask.Response(file.content, mimetype=file.media_type)
        answer.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
        return answer

    def colours(self) -> flask.Response:
        rules = [*palette.variables("data-scheme"), *palette.heat_rules(), stylesheet()]
        return flask.Response("\n".join(rules), mimetype="text/css")

    def _views(self) -> tuple[View, ...]:
        return self.source.pair().views(self.questions.all())

    def _stage(self, views: Sequence[View], view_id: str) -> Stage:
        stage = staged(views, view_id)
        if stage is None:
            flask.abort(404)
        return stage

    def _staged(self, views: Sequence[View], view_id: str) -> str:
        if view_id == asked.VIEW_ID:
            return self.questions_page()
        return self._page("view.html", stage=self._stage(views, view_id))

    def _page(self, template: str, **given: Any) -> str:
        published = self.source.pair().published
        return flask.render_template(
            template,
            published=published,
            board=published.board_name,
            logo=self.configuration.logo_text,
            as_at=wording.date(published.as_at) if published.as_at else "a date that is not recorded",
            **given,
        )
