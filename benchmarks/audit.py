"""Known vulnerabilities of what `requirements.lock` pins: `make audit` asks the advisories of PyPI, by pip-audit.

pip-audit is no part of the project: it gets an environment of its own. Where it cannot be installed, or the advisories
cannot be had, that is said, and is no failure: a build without a network must not fail for it. What it must not do
either is to call that an audit, as pip-audit itself does where it finds none of the packages.
"""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements.lock"
TOOL = ROOT / ".venv/audit"
PINNED = "pip-audit==2.10.1"
FIRST = "scrapy"
"""The package that is asked about before all others, to see whether there is anybody to answer."""


def audit() -> int:
    """Print what is known against the packages of the lock; exit status 1 where there is something."""
    pinned = pins(LOCK.read_text(encoding="utf-8"))
    if why := install() or unheard(report([f"{FIRST}=={pinned[FIRST]}"])):
        return _say([f"NOT AUDITED: {why}. Run `make audit` where there is a network."])
    found = report(f"{name}=={version}" for name, version in pinned.items())
    if why := unheard(found):
        return _say([f"NOT AUDITED: {why}."])
    lines, status = told(found)
    return _say(lines) or status


def pins(lock: str) -> dict[str, str]:
    r"""The versions that a lock pins.

    >>> pins("# by pip-compile\nclick==8.5.1 \\\n    --hash=sha256:aa\n    # via datasette\n")
    {'click': '8.5.1'}
    """
    lines = (line.split(" ", 1)[0] for line in lock.splitlines() if "==" in line and line[0] not in " #")
    return dict(line.split("==") for line in lines)


def install() -> str | None:
    """Put pip-audit where it belongs; why that was not possible, or None."""
    if (TOOL / "bin/pip-audit").exists():
        return None
    subprocess.run([sys.executable, "-m", "venv", TOOL], check=True)
    done = subprocess.run(
        [TOOL / "bin/python", "-m", "pip", "install", "--quiet", PINNED], capture_output=True, text=True, check=False
    )
    return f"{PINNED} cannot be installed" if done.returncode else None


def report(requirements: Iterable[str]) -> dict[str, Any]:
    """What pip-audit says of pinned packages, as it prints it in JSON; where it says nothing, its last words."""
    command = [TOOL / "bin/pip-audit", "--disable-pip", "--no-deps", "--requirement", "/dev/stdin", "--format", "json"]
    done = subprocess.run(
        [*command, "--progress-spinner", "off"],
        input="\n".join(requirements), capture_output=True, text=True, check=False,
    )  # fmt: skip
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        return {"dependencies": [], "said": (done.stderr.strip().splitlines() or ["nothing"])[-1]}
    return found


def unheard(found: dict[str, Any]) -> str | None:
    """Why a report is none: no package of it was looked up.

    >>> unheard({"dependencies": [{"name": "click", "skip_reason": "Dependency not found on PyPI"}]})
    'Dependency not found on PyPI'
    >>> unheard({"dependencies": [{"name": "click", "version": "8.5.1", "vulns": []}]})
    """
    if any("vulns" in each for each in found["dependencies"]):
        return None
    reasons = [each["skip_reason"] for each in found["dependencies"]] or [found.get("said", "nothing was looked up")]
    return str(reasons[0])


def told(found: dict[str, Any]) -> tuple[list[str], int]:
    r"""A report in lines, and the exit status.

    >>> lines, status = told({"dependencies": [
    ...     {"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"], "description": "Oh.\n"}]},
    ...     {"name": "b", "version": "1", "vulns": []}, {"name": "c", "skip_reason": "not found"}]})
    >>> status, lines
    (1, ['a 1: PYSEC-1, mended in 2', 'c: not audited: not found', '2 packages audited, 1 not, 1 vulnerability known'])
    """
    lines, audited, known = [], 0, 0
    for each in found["dependencies"]:
        if "vulns" not in each:
            lines.append(f"{each['name']}: not audited: {each['skip_reason']}")
            continue
        audited += 1
        for fault in each["vulns"]:
            known += 1
            mended = ", ".join(fault["fix_versions"]) or "no version"
            lines.append(f"{each['name']} {each['version']}: {fault['id']}, mended in {mended}")
    left = len(found["dependencies"]) - audited
    kinds = f"{known} vulnerabilit{'y' if known == 1 else 'ies'} known"
    return [*lines, f"{audited} packages audited, {left} not, {kinds}"], int(known > 0)


def _say(lines: list[str]) -> int:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 0


if __name__ == "__main__":
    sys.exit(audit())
