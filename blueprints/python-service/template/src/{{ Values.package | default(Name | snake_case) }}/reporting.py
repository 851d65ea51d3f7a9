"""Reports errors that nobody handled to Sentry."""

import sentry_sdk

from . import about
from .settings import Settings


def report_errors(settings: Settings) -> None:
    """Report what goes wrong from here on, if `settings` say where to."""
    if settings.sentry_dsn is None:
        return
    sentry_sdk.init(
        dsn=settings.sentry_dsn.get_secret_value(),
        release=f"{about['Name']}@{about['Version']}",
    )
