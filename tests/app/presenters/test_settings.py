"""Settings: each has one home, and what can't be meant counts as nothing."""

from __future__ import annotations

import pytest

from app.presenters.settings import (
    IDLE_MINUTES,
    LAST_STORE,
    SETTINGS,
    TEXT_SIZE,
    THEME,
    MachineSettings,
    MemorySettings,
    team_number,
)


def test_every_setting_has_a_key_of_its_own_and_a_default_that_is_valid() -> None:
    assert len({s.key for s in SETTINGS}) == len(SETTINGS)
    assert all(s.valid(s.default) for s in SETTINGS)


def test_what_was_never_chosen_is_the_default() -> None:
    settings = MachineSettings(MemorySettings())
    assert (settings.get(THEME), settings.number(TEXT_SIZE)) == ("system", 100)


def test_what_is_chosen_is_there_at_the_next_start() -> None:
    file = MemorySettings()
    MachineSettings(file).set(THEME, "dark")
    assert MachineSettings(file).get(THEME) == "dark"


def test_the_default_takes_no_room_in_the_file() -> None:
    file = MemorySettings({THEME.key: "dark"})
    MachineSettings(file).set(THEME, "system")
    assert file.values == {}


@pytest.mark.parametrize("value", ["purple", "", "DARK"])
def test_a_theme_that_nobody_knows_in_the_file_counts_as_none(value: str) -> None:
    assert MachineSettings(MemorySettings({THEME.key: value})).get(THEME) == "system"


@pytest.mark.parametrize("value", ["89", "151", "-1", "1e2", "٩٩", "", "100000000000000000000"])
def test_a_text_size_out_of_bounds_counts_as_none(value: str) -> None:
    assert MachineSettings(MemorySettings({TEXT_SIZE.key: value})).number(TEXT_SIZE) == 100


def test_a_value_that_can_not_be_is_refused() -> None:
    with pytest.raises(ValueError, match=r"ui\.theme"):
        MachineSettings(MemorySettings()).set(THEME, "purple")


def test_a_setting_of_the_store_is_never_kept_on_the_machine() -> None:
    with pytest.raises(ValueError, match="idle"):
        MachineSettings(MemorySettings()).set(IDLE_MINUTES, "5")


def test_what_nobody_declared_is_not_taken_over_from_the_file() -> None:
    file = MemorySettings({"recent.titles": "a secret", LAST_STORE.key: "/home/ada/x.holdfast"})
    MachineSettings(file).set(THEME, "dark")
    assert set(file.values) == {LAST_STORE.key, THEME.key}


@pytest.mark.parametrize(("value", "minutes"), [("5", 5), ("0", 10), ("61", 10), ("soon", 10)])
def test_idle_minutes_of_the_store_are_one_to_sixty(value: str, minutes: int) -> None:
    assert team_number(IDLE_MINUTES, value) == minutes
