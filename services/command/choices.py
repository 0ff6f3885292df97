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
