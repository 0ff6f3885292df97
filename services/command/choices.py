"""What the person who calls has chosen, on the command line or in the environment, as settings."""

from pathlib import Path
from ssl import SSLContext

from pydantic import ValidationError

from services.command.failures import WrongCall
from shared.settings import Settings, strangers
from shared.tls import CertificateUnusable, trust


def settings_from(data: Path | None = None, **given: object) -> Settings:
    """The settings of this call: an option beats the environment. Raises WrongCall, naming each that cannot be used."""
    chosen = {"data": data, **given}
    try:
        settings = Settings(**{name: value for name, value in chosen.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        complaints = (
            f"{_name(found['loc'], given)}: {_said(found['msg'])}" for found in error.errors(include_url=False)
        )
        raise WrongCall("; ".join(complaints)) from error
    if unknown := strangers(settings.secrets):
        hints = (f"{name} is no setting{f'; is {like} meant?' if like else ''}" for name, like in unknown.items())
        raise WrongCall("; ".join(hints))
    return settings.model_copy(update={"data": settings.data.absolute()})


def token_from(token: str | None, file: Path | None) -> str | None:
    """The token of this call; a file beats what was given otherwise. Raises WrongCall for what no header can carry.

    Whoever sent that would be told that nobody answers, with the token in the log.
    """
    given, where = token or "", "DOORSTROOM_TOKEN or --token"
    if file is not None:
        try:
            given, where = file.read_bytes().decode(errors="replace"), str(file)
        except OSError as error:
            raise WrongCall(f"{file} cannot be read: {error.strerror}") from error
    given = given.strip()
    if not all("!" <= character <= "~" for character in given):
        raise WrongCall(f"{where} has no token: it is one line of visible ASCII characters")
    return given or None


def trusting(settings: Settings) -> SSLContext:
    """Whose certificates are believed. Raises WrongCall when the settings name a file that has none."""
    try:
        return trust(settings)
    except CertificateUnusable as error:
        raise WrongCall(str(error)) from error


def _said(message: str) -> str:
    """What is wrong, without what pydantic puts before our own words."""
    return message.removeprefix("Value error, ")


def _name(path: tuple[int | str, ...], given: dict[str, object]) -> str:
    name = str(path[0])
    return f"--{name.replace('_', '-')}" if given.get(name) is not None else f"DOORSTROOM_{name.upper()}"
