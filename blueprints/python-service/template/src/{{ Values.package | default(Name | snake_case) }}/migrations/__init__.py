"""Migrations: the steps by which the database became what the code expects."""

from alembic import command
from alembic.config import Config


def upgrade(url: str) -> None:
    """Bring the database at `url` up to date."""
    command.upgrade(configure(url), "head")


def configure(url: str) -> Config:
    """Return what Alembic's commands need to know of the database at `url`."""
    config = Config()
    config.set_main_option("script_location", f"{__package__}:")
    config.attributes["url"] = url
    return config
