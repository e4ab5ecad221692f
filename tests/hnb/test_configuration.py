"""The settings file and the environment: what is said stands, what is misspelt is told, all at once."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hnb.__main__ import main
from hnb.configuration import CHOICES, FILE_VARIABLE, Configuration, load, parse
from hnb.contract import Column, Table
from hnb.documents import dictionary
from hnb.errors import HnbError
from hnb.store import publish
from hnb.tables import TABLES

ROOT = Path(__file__).resolve().parents[2]
PLACE = Path("/council/high needs")


def refusal(mapping: dict, environment: dict[str, str] | None = None) -> str:
    with pytest.raises(HnbError) as caught:
        parse(mapping, environment or {}, folder=PLACE)
    return str(caught.value)


class TestTheShippedFile:
    def test_holds_every_setting_at_its_default(self):
        document = tomllib.loads((ROOT / "settings.toml").read_text(encoding="utf-8"))
        assert list(document) == list(CHOICES)
        assert parse(document, {}) == parse({}, {})

    def test_every_setting_says_what_it_means_and_has_a_sound_default(self):
        for name, choice in CHOICES.items():
            assert choice.meaning.endswith("."), name
            assert choice.variable == f"HNB_{name.upper()}"
        assert parse({}, {}, folder=Path()) == Configuration()

    def test_names_sutton_its_board_and_its_neighbours(self):
        configuration = load(ROOT / "settings.toml", {})
        assert (configuration.authority, configuration.authority_name) == ("E09000029", "Sutton")
        assert configuration.board_name == "Sutton Education Partnership"
        assert configuration.comparators == (
            "315",
            "919",
            "826",
            "873",
            "931",
            "314",
            "822",
            "938",
            "839",
            "825",
        )
        assert (configuration.screen_threshold, configuration.pack_threshold) == (6, 10)


class TestWhereAValueComesFrom:
    def test_environment_before_file_before_default(self):
        configuration = parse(
            {"port": 8060, "board_name": "Schools Forum"},
            {"HNB_PORT": "8070"},
            folder=PLACE,
            file="ours.toml",
        )
        assert (configuration.port, configuration.board_name, configuration.block_name) == (
            8070,
            "Schools Forum",
            "High Needs Block",
        )
        assert {name: configuration.origins[name] for name in ("port", "board_name", "block_name")} == {
            "port": "HNB_PORT",
            "board_name": "ours.toml",
            "block_name": "default",
        }

    def test_a_list_in_the_environment_has_commas(self):
        assert parse({}, {"HNB_COMPARATORS": "319, E09000024 ,"}).comparators == ("319", "E09000024")

    def test_a_blank_in_the_environment_counts_as_not_given(self):
        assert parse({"port": 8060}, {"HNB_PORT": " "}).port == 8060

    def test_other_names_in_the_environment_are_none_of_ours(self):
        assert parse({}, {"PATH": "/bin", FILE_VARIABLE: "x.toml", "PORT": "1"}) == Configuration()

    def test_folders_are_from_the_settings_files_own_folder(self):
        configuration = parse(
            {"raw_folder": "../shared/raw", "pupil_key_file": "~/hnb.key"},
            {"HNB_PROCESSED_FOLDER": "/fast/processed", "HOME": "/home/officer"},
            folder=PLACE,
        )
        assert configuration.raw_folder == Path("/council/shared/raw")
        assert configuration.processed_folder == Path("/fast/processed")
        assert configuration.pupil_key_file == Path("/home/officer/hnb.key")

    @pytest.mark.parametrize(
        "name", [name for name, choice in CHOICES.items() if choice.type in (int, float)]
    )
    def test_numbers_are_read_from_text(self, name):
        low, high = CHOICES[name].minimum, CHOICES[name].maximum
        high_enough = {"pack_threshold": "900", "screen_threshold": "9"}.get(name, f"{high:g}")
        value = getattr(parse({}, {CHOICES[name].variable: high_enough}), name)
        assert value == float(high_enough) and type(value) is CHOICES[name].type and value >= low


class TestRefusals:
    @pytest.mark.parametrize(
        ("mapping", "sentence"),
        [
            ({"prot": 8060}, "settings.toml: there is no setting prot; perhaps port was meant."),
            (
                {"zzz": 1},
                "settings.toml: there is no setting zzz; `python -m hnb settings` shows those that there are.",
            ),
            ({"port": "8060"}, 'settings.toml, port: "8060" is not a whole number from 1024 to 65535.'),
            ({"port": True}, "settings.toml, port: true is not a whole number from 1024 to 65535."),
            ({"port": 80}, "settings.toml, port: 80 is not a whole number from 1024 to 65535."),
            ({"port": 8050.0}, "settings.toml, port: 8050.0 is not a whole number from 1024 to 65535."),
            (
                {"total_tolerance": float("nan")},
                "settings.toml, total_tolerance: NaN is not a number from 0 to 1000.",
            ),
            (
                {"screen_threshold": 1},
                "settings.toml, screen_threshold: 1 is not a whole number from 2 to 1000.",
            ),
            ({"board_name": "  "}, 'settings.toml, board_name: "  " is not text that is not blank.'),
            ({"board_name": "a\nb"}, 'settings.toml, board_name: "a\\nb" is not text that is not blank.'),
            ({"raw_folder": ["data"]}, 'settings.toml, raw_folder: ["data"] is not a folder or file.'),
            (
                {"authority": "E9000029"},
                'settings.toml, authority: "E9000029" is not an ONS code such as "E09000029".',
            ),
            (
                {"comparators": [315, "919"]},
                'settings.toml, comparators: 315 is not an ONS code such as "E09000029" or DfE\'s three digits '
                'such as "319"; codes are text: put them in quotes.',
            ),
            ({"comparators": ["315", "315"]}, "settings.toml, comparators: 315 is there twice."),
            (
                {"comparators": "315"},
                'settings.toml, comparators: "315" is not a list, each an ONS code such as "E09000029" or '
                'DfE\'s three digits such as "319".',
            ),
        ],
    )
    def test_are_a_sentence_each(self, mapping, sentence):
        assert refusal(mapping) == sentence

    def test_are_said_together(self):
        text = refusal(
            {"screen_treshold": 5, "port": "x", "authority": 319},
            {"HNB_PACK_THRESHOLD": "ten", "HNB_BORD_NAME": "x"},
        )
        assert text.splitlines() == [
            "5 things to mend:",
            "settings.toml: there is no setting screen_treshold; perhaps screen_threshold was meant.",
            "The environment: there is no HNB_BORD_NAME; perhaps HNB_BOARD_NAME was meant.",
            'settings.toml, authority: 319 is not an ONS code such as "E09000029".',
            'HNB_PACK_THRESHOLD in the environment: "ten" is not a whole number from 2 to 1000.',
            'settings.toml, port: "x" is not a whole number from 1024 to 65535.',
        ]

    def test_a_pack_may_not_hide_less_than_the_screen(self):
        assert "pack_threshold 10 is below screen_threshold 12" in refusal({"screen_threshold": 12})

    @pytest.mark.parametrize("processed", ["data/raw", "data/raw/processed", "data", "data/processed/../raw"])
    def test_raw_and_processed_lie_apart(self, processed):
        assert "must be apart" in refusal({"processed_folder": processed})

    @pytest.mark.parametrize("key", ["data/raw/pupil.key", "data/processed/x/pupil.key"])
    def test_the_key_lies_outside_the_data(self, key):
        assert "who has the data must not have the key" in refusal({"pupil_key_file": key})

    def test_a_home_folder_that_is_not_known(self):
        assert refusal({"pupil_key_file": "~/x"}) == (
            'settings.toml, pupil_key_file: "~" stands for your home folder, which is not known here.'
        )

    @given(
        st.dictionaries(
            st.one_of(st.sampled_from(list(CHOICES)), st.text(max_size=8)),
            st.one_of(
                st.none(),
                st.booleans(),
                st.integers(),
                st.floats(),
                st.text(max_size=12),
                st.lists(st.one_of(st.integers(), st.text(max_size=4), st.none()), max_size=3),
                st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
                st.dates(),
            ),
            max_size=6,
        ),
        st.dictionaries(
            st.sampled_from([choice.variable for choice in CHOICES.values()]),
            st.text(max_size=12),
            max_size=4,
        ),
    )
    def test_whatever_is_given_is_taken_or_refused_in_words(self, mapping, environment):
        before = repr((mapping, environment))
        try:
            configuration = parse(mapping, environment, folder=PLACE)
        except HnbError as error:
            assert str(error)
        else:
            assert configuration.pack_threshold >= configuration.screen_threshold >= 2
            assert 1024 <= configuration.port <= 65535
            assert set(mapping) <= set(CHOICES)
        assert repr((mapping, environment)) == before


class TestLoad:
    def test_a_file_from_notepad_with_byte_order_mark(self, tmp_path):
        path = tmp_path / "settings.toml"
        path.write_bytes('﻿board_name = "Forum £"\r\n'.encode())
        configuration = load(path, {})
        assert configuration.board_name == "Forum £"
        assert configuration.raw_folder == tmp_path / "data" / "raw"

    def test_the_file_that_the_environment_names(self, tmp_path):
        (tmp_path / "ours.toml").write_text("port = 8061")
        configuration = load(None, {FILE_VARIABLE: str(tmp_path / "ours.toml")})
        assert (configuration.port, configuration.origins["port"]) == (8061, "ours.toml")

    def test_the_file_in_the_current_folder_and_else_that_of_the_project(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        assert load(None, {}).raw_folder == ROOT / "data" / "raw"
        (tmp_path / "settings.toml").write_text("port = 8062")
        assert load(None, {}).port == 8062
        assert load(None, {}).raw_folder == tmp_path.resolve() / "data" / "raw"

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (None, "cannot be read (No such file or directory)"),
            (b"board_name = Forum", "is not TOML"),
            (
                b'raw_folder = "C:\\high needs\\raw"',
                "Write a folder with / or between single quotes: 'C:\\data'",
            ),
            (b"port = 1\nport = 2", "is not TOML"),
            (b'board_name = "caf\xe9"', "Save it again with the encoding UTF-8"),
        ],
    )
    def test_a_file_that_cannot_be_read_is_one_sentence(self, tmp_path, content, said):
        path = tmp_path / "settings.toml"
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(HnbError) as caught:
            load(path, {})
        assert str(path) in str(caught.value) and said in str(caught.value)

    def test_a_configuration_cannot_be_changed(self):
        with pytest.raises(dataclasses.FrozenInstanceError):
            load(ROOT / "settings.toml", {}).port = 1


class TestCommands:
    @pytest.fixture(autouse=True)
    def clean_environment(self, monkeypatch):
        for name in [name for name in os.environ if name.startswith("HNB_")]:
            monkeypatch.delenv(name)

    def test_settings_shows_value_origin_name_and_meaning_of_each(self, capsys, monkeypatch):
        monkeypatch.setenv("HNB_PORT", "8071")
        assert main(["--settings", str(ROOT / "settings.toml"), "settings"]) == 0
        shown = capsys.readouterr().out
        words = " ".join(shown.split())
        assert "port = 8071" in shown
        assert "(from HNB_PORT; in the environment HNB_PORT)" in words
        for name, choice in CHOICES.items():
            assert f"{name} = " in shown and choice.variable in words and choice.meaning in words

    def test_a_mistake_is_a_sentence_without_traceback_and_exit_2(self, tmp_path):
        (tmp_path / "settings.toml").write_text("prot = 1")
        done = subprocess.run(
            [sys.executable, "-m", "hnb", "--settings", str(tmp_path / "settings.toml"), "settings"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == "settings.toml: there is no setting prot; perhaps port was meant.\n"

    def test_dictionary_has_every_column_and_every_code_list_of_every_table(self, capsys):
        assert main(["dictionary"]) == 0
        shown = capsys.readouterr().out
        for table in TABLES.values():
            assert f"## {table.name}\n" in shown
            for column in table.columns:
                assert f"| `{column.name}` |" in shown and column.meaning in shown
                if column.codes:
                    assert f"code of [{column.codes}](codes.md#{column.codes})" in shown

    def test_dictionary_cells_cannot_break_its_tables(self):
        table = Table("spend", "a row", (Column("amount", "pounds", "This | that."),), ())
        assert "| `amount` | pounds | £ |  | This \\| that. |" in dictionary([table])

    def test_snapshots_lists_and_verifies(self, capsys, tmp_path):
        arguments = ["snapshots", "--processed", str(tmp_path)]
        assert main(arguments) == 2
        assert "Nothing is published" in capsys.readouterr().err
        tables = {"balances": TABLES["balances"].empty()}
        first = publish(tables, tmp_path, now=datetime(2026, 11, 23, tzinfo=UTC), code_version="abc")
        second = publish(tables, tmp_path, now=datetime(2026, 11, 24, tzinfo=UTC), code_version="abc")
        assert main([*arguments, "--verify"]) == 0
        shown = capsys.readouterr().out
        assert [line.split()[0] for line in shown.splitlines()[1:3]] == [first.id, second.id]
        assert "<- current" in shown.splitlines()[2]
        assert "Every byte of 2 snapshots is as it was written." in shown

        (tmp_path / "snapshots" / first.id / "balances.parquet").write_bytes(b"PAR1")
        assert main([*arguments, "--verify"]) == 1
        assert "balances.parquet is damaged" in capsys.readouterr().err
        (tmp_path / "snapshots" / second.id / "manifest.json").write_bytes(b"{}")
        assert main([*arguments, "--verify"]) == 1
        captured = capsys.readouterr()
        assert f"{second.id}  damaged" in captured.out
        assert main(arguments) == 2
