"""What the project needs to run may be handed on with it, and is listed; what is not an audit is not called one."""

import doctest
from pathlib import Path

import pytest

from benchmarks import audit, licences

ROOT = Path(__file__).parent.parent
LICENCES = [licences.licence(package) for package in licences.needed()]


@pytest.mark.parametrize("module", [audit, licences])
def test_its_examples_are_true(module):
    assert doctest.testmod(module).failed == 0


def test_the_list_of_licences_is_up_to_date():
    assert (ROOT / "docs/licences.md").read_text(encoding="utf-8") == licences.document(), "run `make docs`"


@pytest.mark.parametrize("found", LICENCES, ids=lambda found: found.package)
def test_a_package_may_be_handed_on_with_this_one(found):
    assert found.fits, f"{found.package} says {found.told}: choose another package, or see whether it fits"


def test_the_list_is_of_what_the_lock_installs():
    pinned = audit.pins((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    assert {found.package for found in LICENCES} <= {name.lower().replace("_", "-") for name in pinned}


def test_what_is_no_audit_is_no_success_and_no_failure(monkeypatch, capsys):
    """pip-audit finds none of the packages, says that no vulnerability is known, and ends with status 0."""
    monkeypatch.setattr(audit, "install", lambda: None)
    skipped = {"dependencies": [{"name": "scrapy", "skip_reason": "Dependency not found on PyPI"}]}
    monkeypatch.setattr(audit, "report", lambda _: skipped)
    assert audit.audit() == 0
    assert capsys.readouterr().out.startswith("NOT AUDITED: Dependency not found on PyPI")


def test_a_known_vulnerability_is_a_failure(monkeypatch, capsys):
    monkeypatch.setattr(audit, "install", lambda: None)
    fault = {"id": "PYSEC-2026-1", "fix_versions": []}
    answer = {"dependencies": [{"name": "scrapy", "version": "2.19.0", "vulns": [fault]}]}
    monkeypatch.setattr(audit, "report", lambda _: answer)
    assert audit.audit() == 1
    assert "scrapy 2.19.0: PYSEC-2026-1, mended in no version" in capsys.readouterr().out
