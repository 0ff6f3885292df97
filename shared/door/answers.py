"""Counts what publishers are answered, so that somebody sees it when the door fails."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

CLASSES = ("2xx", "4xx", "5xx")
"""Of the statuses that a request to publish is answered with."""


class Answers:
    """The answers of one process so far, by class; each begins at 0, so that the first one is seen as a change."""

    def __init__(self) -> None:
        self.counts = dict.fromkeys(CLASSES, 0)

    def note(self, status: int) -> None:
        """One answer was given."""
        kind = f"{status // 100}xx"
        self.counts[kind] = self.counts.get(kind, 0) + 1


class Counting:
    """Middleware that notes the answer to every POST on one path; an error that nobody answered is a 500."""

    def __init__(self, app: ASGIApp, *, path: str, answers: Answers) -> None:
        self._app, self._path, self._answers = app, path, answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and note what it is answered."""
        if scope["type"] != "http" or scope["path"] != self._path or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return

        answered = False

        async def noted(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered = True
                self._answers.note(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception:
            if not answered:
                self._answers.note(500)
            raise
