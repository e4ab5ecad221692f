"""The script that draws the charts: the small bundle, at the version that the plotly package speaks."""

from __future__ import annotations

from pathlib import Path

import pytest
from plotly.offline import get_plotlyjs_version

from dashboard import vendor
from hnb.errors import HnbError


def test_the_bundle_is_known_at_the_version_of_the_plotly_package() -> None:
    assert get_plotlyjs_version() in vendor.SHA256, "plotly was upgraded: see dashboard/vendor.py"


def test_the_bundle_that_is_there_is_the_one_that_was_looked_at() -> None:
    scripts = list(vendor.VENDOR.glob("*.js")) if vendor.VENDOR.is_dir() else []
    if not scripts:
        pytest.skip("npm was not there at set-up: the full bundle of the plotly package is served")
    assert [script.name for script in scripts] == [f"plotly-basic-{get_plotlyjs_version()}.min.js"]
    assert vendor.fetch(install=_must_not_run) == scripts[0]


def test_other_bytes_than_expected_are_not_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vendor, "ROOT", tmp_path / "dashboard")

    def another_script(package: str, folder: Path) -> None:
        place = folder / "node_modules" / vendor.PACKAGE
        place.mkdir(parents=True)
        (place / vendor.SCRIPT).write_text("alert(1)")

    with pytest.raises(HnbError, match="not the file that was expected"):
        vendor.fetch(tmp_path / "vendor", another_script)
    assert not (tmp_path / "vendor").exists()


def test_without_npm_the_set_up_goes_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(vendor.shutil, "which", lambda name: None)
    monkeypatch.setattr(vendor.fetch, "__defaults__", (tmp_path / "vendor", None))
    assert vendor.main() == 0
    assert "served instead" in capsys.readouterr().out


def _must_not_run(package: str, folder: Path) -> None:
    raise AssertionError("what is there is right, and was fetched again")
