"""A question to GitLab that is asked while the job still renders."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from typing import Final

FRESH_SECONDS: Final = 10.0
"""For how long an answer is believed."""


class AskedAhead:
    """Asks one question in a thread, whether something is free, for one who asks later.

    Only a yes is of use: it saves the question, and whatever it says is found out
    anyway by taking what is free. After anything else, errors too, one asks again.
    """

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._free: tuple[Hashable, float] | None = None

    def ask(self, what: Hashable, is_free: Callable[[], bool]) -> None:
        """Begin to ask whether *what* is free, unless another answer is still due."""
        if self._thread is not None and self._thread.is_alive():
            return
        self._free = None

        def run() -> None:
            asked_at = time.monotonic()
            try:
                if is_free():
                    self._free = (what, asked_at)
            except Exception:  # noqa: BLE001 - whoever asks again gets it, where it counts
                return

        self._thread = threading.Thread(target=run, name="ahead", daemon=True)
        self._thread.start()

    def is_free(self, what: Hashable) -> bool:
        """Tell whether *what* was free a moment ago; the answer counts once."""
        if self._thread is not None:
            self._thread.join()
        free, self._free, self._thread = self._free, None, None
        if free is None:
            return False
        asked, at = free
        return asked == what and time.monotonic() - at < FRESH_SECONDS
