"""A page as a real browser has it: laid out, measured, and listened to for what it asks for."""

from __future__ import annotations

import html
import importlib.util
import json
import os
import re
import shutil
import socket
import subprocess
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")
_QUIET = (
    "--headless",
    "--disable-gpu",
    "--hide-scrollbars",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=20000",
    "--proxy-bypass-list=<-loopback>",
)
_TOLD = re.compile(r'<pre id="told"[^>]*>(.*?)</pre>', re.DOTALL)
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')


def browser_here() -> str | None:
    """The browser of this machine."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def rules_of_accessibility() -> str:
    """The script axe, from the package that carries it."""
    package = importlib.util.find_spec("axe_core_python")
    assert package is not None
    assert package.submodule_search_locations is not None
    return (Path(package.submodule_search_locations[0]) / "axe.min.js").read_text("utf-8")


@dataclass
class Proxy:
    """Takes every connection that a browser makes, notes what is asked for, and answers nothing."""

    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._server.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            with connection:
                self.asked.append(connection.recv(1000).decode("latin-1").partition("\r\n")[0])

    def close(self) -> None:
        """Listen no more."""
        self._server.close()


@dataclass(frozen=True, kw_only=True)
class Browser:
    """A browser that opens one page at a time, each time as new."""

    program: str
    folder: Path

    def measured(self, page: str, script: str, *, width: int = 1100, before: str = "") -> Any:  # noqa: ANN401 - JSON
        """What a script, run in the page once it is laid out, returns (or promises)."""
        run = (
            f"<script>{before}</script><script>(async () => {{ {script} }})().then(told => {{"
            "const e = document.createElement('pre'); e.id = 'told'; e.hidden = true;"
            "e.textContent = JSON.stringify(told); document.body.append(e); })</script>"
        )
        scripted = _POLICY.sub("", page).replace("</body>", f"{run}</body>")
        found = _TOLD.search(self.opened(scripted, width=width))
        assert found is not None, "the script did not come to its end"
        return json.loads(html.unescape(found[1]))

    def opened(self, page: str, *, width: int = 1100, proxy: str = "127.0.0.1:9") -> str:
        """The page as it stands in the browser after all has been loaded."""
        file = self.folder / "page.html"
        file.write_text(page, "utf-8")
        rights = ["--no-sandbox"] if os.geteuid() == 0 else []
        profile = f"--user-data-dir={self.folder / 'profile'}"
        line = [self.program, *_QUIET, *rights, profile, f"--proxy-server=http://{proxy}"]
        line += [f"--window-size={width},2000", "--dump-dom", file.as_uri()]
        done = subprocess.run(line, capture_output=True, text=True, check=True, timeout=120)
        return done.stdout
