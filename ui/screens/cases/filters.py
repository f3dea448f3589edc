"""The filters beside the search: chips that say what narrows the table, and the menu that adds one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QMenu, QSizePolicy, QWidget
from typing_extensions import override

from app.domain.values import STAGES
from app.presenters.words import stage_word
from app.presenters.words_steps import RATINGS
from ui.kit.names import named
from ui.kit.paint import Paint
from ui.kit.theme import hub, theme
from ui.widgets.button import Button
from ui.widgets.focus_ring import outline_focus

Kind = Literal["stage", "severity"]
_RATINGS: Final = ("critical", "high", "medium", "low", "unknown")
_MOST_NAMED: Final = 3


@final
class FilterChip(QAbstractButton):
    """Enter or a click changes the filter; Delete or the cross takes it away."""

    removed = Signal()

    def __init__(self, label: str) -> None:
        super().__init__()
        self._label = label
        self._value = ""
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        outline_focus(self, 6)
        hub().changed.connect(self.updateGeometry)

    def show_value(self, value: str) -> None:
        self._value = value
        self.setAccessibleName(f"{self._label} {value}")
        self.setAccessibleDescription(self.tr("Enter changes it, Delete takes it away."))
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        look = theme()
        words = look.metric("small").horizontalAdvance(self._label)
        words += look.metric("small-medium").horizontalAdvance(self._value)
        return QSize(round(words) + look.px(10 + 7 + 10 + 16 + 9), look.px(30))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        look = paint.look
        px = look.px
        paint.plate(self.rect(), 6, look.colour("hover" if self.underMouse() else "surface"), look.colour("border"))
        area = QRectF(self.rect()).adjusted(px(10), 0, 0, 0)
        paint.words(area, self._label, "small", look.colour("text-2"))
        left = paint.width(self._label, "small") + px(7)
        paint.words(area.adjusted(left, 0, 0, 0), self._value, "small-medium", look.colour("text"))
        paint.icon(self._cross(), "close", look.colour("text-2"))

    def _cross(self) -> QRectF:
        side = theme().px(16)
        return QRectF(self.width() - side - theme().px(9), 0, side, self.height())

    @override
    def mouseReleaseEvent(self, e: QMouseEvent) -> None:
        if self._cross().adjusted(-4, 0, 8, 0).contains(e.position()):
            self.setDown(False)
            self.removed.emit()
        else:
            super().mouseReleaseEvent(e)

    @override
    def keyPressEvent(self, e: QKeyEvent) -> None:
        if e.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.removed.emit()
        elif e.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(e)


@final
class FilterBar(QWidget):
    """Chips of the filters that are set, and the button that adds one."""

    stagesChosen = Signal(tuple)
    ratingsChosen = Signal(tuple)

    def __init__(self) -> None:
        super().__init__()
        self._values: dict[Kind, tuple[str, ...]] = {"stage": (), "severity": ()}
        self._menus: dict[Kind, QMenu] = {
            "stage": self._menu("stage", [(s, stage_word(s)) for s in STAGES]),
            "severity": self._menu("severity", [(r, RATINGS[r]) for r in _RATINGS]),
        }
        self._menus["stage"].setTitle(self.tr("Stage"))
        self._menus["severity"].setTitle(self.tr("Severity"))
        self.chips: dict[Kind, FilterChip] = {
            "stage": named(FilterChip(self.tr("Stage")), "cases.stageFilter", ""),
            "severity": named(FilterChip(self.tr("Severity")), "cases.severityFilter", ""),
        }
        self.add = named(
            Button(self.tr("Add filter"), "ghost", icon="filter"), "cases.addFilter", self.tr("Add filter")
        )
        self._all = QMenu(self)
        for menu in self._menus.values():
            self._all.addMenu(menu)
        self.add.clicked.connect(lambda: _below(self._all, self.add))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        for kind, chip in self.chips.items():
            chip.hide()
            chip.clicked.connect(self._opener(kind))
            chip.removed.connect(self._remover(kind))
            row.addWidget(chip)
        row.addWidget(self.add)
        row.addStretch(1)

    def show_filters(self, stages: tuple[str, ...], ratings: tuple[str, ...]) -> None:
        """Show what is in force."""
        self._show("stage", stages, [stage_word(s) for s in stages])
        self._show("severity", ratings, [RATINGS.get(r, r) for r in ratings])
        self.add.setVisible(not (stages and ratings))

    def _show(self, kind: Kind, values: tuple[str, ...], words: list[str]) -> None:
        self._values[kind] = values
        for act in self._menus[kind].actions():
            act.setChecked(act.data() in values)
        chip = self.chips[kind]
        if len(words) > _MOST_NAMED:
            rest = len(words) - _MOST_NAMED + 1
            words = [*words[: _MOST_NAMED - 1], self.tr("{number} more").format(number=rest)]
        chip.show_value(", ".join(words))
        chip.setVisible(bool(values))

    def _menu(self, kind: Kind, choices: list[tuple[str, str]]) -> QMenu:
        menu = QMenu(self)
        menu.setObjectName(f"cases.{kind}Menu")
        for key, words in choices:
            act = menu.addAction(words)
            act.setObjectName(f"cases.{kind}.{key}")
            act.setData(key)
            act.setCheckable(True)
            act.triggered.connect(self._toggler(kind, key))
        return menu

    def _toggler(self, kind: Kind, key: str) -> Callable[[], None]:
        def toggle() -> None:
            values = self._values[kind]
            kept = tuple(v for v in values if v != key) if key in values else (*values, key)
            self._say(kind, kept)

        return toggle

    def _opener(self, kind: Kind) -> Callable[[], None]:
        return lambda: _below(self._menus[kind], self.chips[kind])

    def _remover(self, kind: Kind) -> Callable[[], None]:
        return lambda: self._say(kind, ())

    def _say(self, kind: Kind, values: tuple[str, ...]) -> None:
        if kind == "stage":
            self.stagesChosen.emit(tuple(s for s in STAGES if s in values))
        else:
            self.ratingsChosen.emit(tuple(r for r in _RATINGS if r in values))


def _below(menu: QMenu, control: QWidget) -> None:
    menu.popup(control.mapToGlobal(control.rect().bottomLeft()))
