"""How passwords are kept where the product runs; tests keep theirs by a hasher that is fast and weak."""

import subprocess
import sys

# As much work for each guess as the Open Worldwide Application Security Project asks for (Password Storage Cheat Sheet, 2023).
LEAST = 600_000
SHIPPED = "import django; django.setup(); from django.contrib.auth.hashers import make_password; print(make_password('x'))"


def test_a_password_is_kept_by_a_hash_that_is_slow_to_guess() -> None:
    kept = subprocess.run([sys.executable, "-c", SHIPPED], capture_output=True, text=True, check=True).stdout
    algorithm, iterations, salt, _ = kept.split("$")
    assert algorithm == "pbkdf2_sha256"
    assert int(iterations) >= LEAST
    assert len(salt) >= 16
