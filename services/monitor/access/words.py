"""The words of the sign-in page, in Dutch and in English; pure."""

from collections.abc import Mapping
from types import MappingProxyType

WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "nl": {
            "title": "Aanmelden",
            "name": "Naam",
            "password": "Wachtwoord",
            "sign_in": "Aanmelden",
            "sign_in_at": "Aanmelden via uw organisatie",
            "or_here": "Of met een account van deze installatie",
            "signed_in_as": "U bent aangemeld als",
            "sign_out": "Afmelden",
            "onward": "Verder naar de cockpit",
            "other_language": "English",
            "wrong": "Deze naam en dit wachtwoord horen niet bij elkaar.",
            "slowly": "Te veel pogingen. Probeer het over {seconds} seconden opnieuw.",
            "stale": "Deze pagina was verlopen. Probeer het opnieuw; cookies moeten aan staan.",
            "signed_out": "U bent afgemeld.",
            "elsewhere_failed": "Aanmelden via uw organisatie is niet gelukt. Probeer het opnieuw.",
            "elsewhere_nothing": "Uw organisatie gaf u geen rol in Doorstroom. Vraag uw beheerder daarom.",
        },
        "en": {
            "title": "Sign in",
            "name": "Name",
            "password": "Password",
            "sign_in": "Sign in",
            "sign_in_at": "Sign in at your organisation",
            "or_here": "Or with an account of this installation",
            "signed_in_as": "You are signed in as",
            "sign_out": "Sign out",
            "onward": "On to the cockpit",
            "other_language": "Nederlands",
            "wrong": "This name and this password do not belong together.",
            "slowly": "Too many tries. Try again in {seconds} seconds.",
            "stale": "This page had expired. Try again; cookies must be on.",
            "signed_out": "You are signed out.",
            "elsewhere_failed": "Signing in at your organisation did not succeed. Try again.",
            "elsewhere_nothing": "Your organisation gave you no role in Doorstroom. Ask its administrator for one.",
        },
    }
)
"""Every word by language."""


def language_of(asked: str | None) -> str:
    """The language that was asked for, Dutch unless it is English."""
    return "en" if asked == "en" else "nl"
