"""The service. It begins in `__main__`; `app` puts its parts together."""

from importlib.metadata import metadata

about = metadata(__name__)
