"""A browser for the tests: the system's, else Playwright's own. Run as a module, it installs one where there is none."""

import os
import shutil
import subprocess
import sys

from playwright.sync_api import Error, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Chromium has no sandbox for root.
ARGUMENTS = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []


def browser_path() -> str | None:
    """The system's Chromium or Chrome; None: Playwright's own."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def starts() -> bool:
    """Whether a browser is there and opens."""
    with sync_playwright() as playwright:
        try:
            playwright.chromium.launch(executable_path=browser_path(), args=ARGUMENTS).close()
        except Error:
            return False
    return True


def _install() -> bool:
    """Try Playwright's download first: it needs no rights. Then, as root on Debian or Ubuntu, the system's package."""
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False, timeout=600)
    if starts():
        return True
    if ARGUMENTS and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], check=False)
    return starts()


if __name__ == "__main__" and not starts() and not _install():
    sys.exit("No browser: install Chromium or Google Chrome, then run the tests again.")
