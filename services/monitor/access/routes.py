"""The routes of signing in and out, here and elsewhere."""

from collections.abc import Mapping

from fastapi import FastAPI

from services.monitor.access.elsewhere import add_elsewhere, elsewhere
from services.monitor.access.entry import Access
from services.monitor.access.sign_in_page import SignInPage
from services.monitor.access.signing import Signing, add_signing_in
from shared.clock import Clock
from shared.settings import Settings


def add_access(app: FastAPI, access: Access, settings: Settings, *, files: Mapping[str, str], clock: Clock) -> None:
    """Signing in with an account, and at an identity provider where the settings name one."""
    signing = Signing(access, SignInPage(access, elsewhere=settings.oidc_issuer is not None, files=files))
    add_signing_in(app, signing)
    found = elsewhere(settings, signing, clock=clock)
    if found is not None:
        add_elsewhere(app, found)
