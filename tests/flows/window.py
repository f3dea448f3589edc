"""A person at the real window: finds controls by their names, clicks, types, waits; by mouse or by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, TypeVar

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QPoint, QPointF, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QScrollArea,
    QTabBar,
    QTableView,
    QWidget,
)
from typing_extensions import override

_W = TypeVar("_W", bound=QWidget)
_LEFT: Final = Qt.MouseButton.LeftButton
_PATIENCE: Final = 20_000  # milliseconds until a person gives up, on a slow machine
_SLICE: Final = 20  # milliseconds of events between two looks
_STEPS: Final = 400  # presses of Tab after which a control counts as out of reach


class Lost(AssertionError):
    """The person can't do what the story says: a control is missing, covered or out of reach."""


class Driver:
    """Works the window by mouse and keyboard. Every wait ends when its condition holds, none after a time."""

    def __init__(self, idle: Callable[[], bool]) -> None:
        self._idle = idle

    # ---------------------------------------------------------------------------------------- waiting
    def until(self, condition: Callable[[], bool], what: str) -> None:
        """Let the window work until something is so."""
        deadline = QDeadlineTimer(_PATIENCE)
        while not condition():
            if deadline.hasExpired():
                raise Lost(f"waited in vain: {what}; in sight: {self.in_sight()}")
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, _SLICE)
            QTest.qWait(1)

    def settle(self) -> None:
        """Let everything that was begun end: the vault's works, their answers, layouts, deletions."""
        QApplication.processEvents()
        self.until(self._idle, "the vault to be idle")
        QApplication.sendPostedEvents()
        QApplication.processEvents()
        self.until(self._idle, "the vault to be idle again")
        _give_focus()

    # ---------------------------------------------------------------------------------------- finding
    def visible(self, name: str) -> QWidget | None:
        """The control of this name that is shown, the front one if there are several."""
        found = [w for top in _windows() for w in _all(top, name) if w.isVisible()]
        return found[-1] if found else None

    def find(self, name: str) -> QWidget:
        """The control of this name, waited for until it is shown and can be used."""
        self.until(lambda: _usable(self.visible(name)), f"{name} to be usable")
        found = self.visible(name)
        if found is None:
            raise Lost(name)
        return found

    def find_as(self, kind: type[_W], name: str) -> _W:
        """The control of this name, which must be of this kind."""
        found = self.find(name)
        if not isinstance(found, kind):
            raise Lost(f"{name} is a {type(found).__name__}, not a {kind.__name__}")
        return found

    def gone(self, name: str) -> None:
        """Wait until nothing of this name is shown, as when a dialog closed because it worked."""
        self.until(lambda: self.visible(name) is None, f"{name} to be gone")
        self.settle()

    def in_sight(self) -> str:
        """The names of what is shown, for whoever reads why a story stopped."""
        names = {w.objectName() for top in _windows() for w in _all(top, None) if w.isVisible()}
        told = sorted(n for n in names if "." in n)
        return ", ".join(told[:90])

    # ------------------------------------------------------------------------------------------ doing
    def click(self, name: str) -> None:
        """Press a button, a row, a link or a field."""
        widget = self.find(name)
        bring_into_view(widget)
        self.click_at(widget, _clear_point(widget))

    def click_at(self, widget: QWidget, at: QPoint) -> None:
        """Press the mouse where it meets `widget`; anything in front of it would get the press, so that is refused."""
        under = _meets(widget, at)
        if not (under is widget or widget.isAncestorOf(under)):
            raise Lost(f"{widget.objectName()} is covered by {under.objectName() or type(under).__name__}")
        spot = under.mapFromGlobal(widget.mapToGlobal(at))
        QTest.mouseClick(under, _LEFT, Qt.KeyboardModifier.NoModifier, spot)
        self.settle()

    def fill(self, name: str, text: str) -> None:
        """Put a text in the place of what stands in a field."""
        self.click(name)
        self.press("Ctrl+A")
        self.write(text)

    def write(self, text: str) -> None:
        """Type where the keyboard is."""
        for line_number, line in enumerate(text.split("\n")):
            if line_number:
                self.press("Return", settle=False)
            for letter in line:
                focus = self.focus()
                code = QTest.asciiToKey(ord(letter)) if letter.isascii() else Qt.Key.Key_unknown
                QTest.sendKeyEvent(QTest.KeyAction.Click, focus, code, letter, Qt.KeyboardModifier.NoModifier)
        self.settle()

    def press(self, keys: str, *, settle: bool = True) -> None:
        """Press a key or a chord, such as `Ctrl+Return`, as the window in front gets it."""
        chord = QKeySequence(keys)[0]  # type: ignore[index] # it can be indexed; the binding's types do not say so
        window = QApplication.focusWindow()
        popup = QApplication.activePopupWidget()
        if popup is not None:
            QTest.keyClick(popup, chord.key(), chord.keyboardModifiers())
        elif window is not None:
            QTest.keyClick(window, chord.key(), chord.keyboardModifiers())
        else:
            raise Lost(f"no window takes {keys}")
        if settle:
            self.settle()

    def focus(self) -> QWidget:
        """What has the keyboard."""
        found = QApplication.focusWidget()
        if found is None:
            raise Lost(f"nothing has the keyboard; in sight: {self.in_sight()}")
        return found

    def choose(self, name: str, value: str) -> None:
        """Choose the entry of a list of choices that stands for `value`."""
        combo = self.find_as(QComboBox, name)
        index = _entry(combo, value)
        self.click(name)
        view = combo.view()
        self.until(view.isVisible, f"the choices of {name}")
        self.settle()
        at = combo.model().index(index, combo.modelColumn())
        view.scrollTo(at)
        self.click_at(view.viewport(), view.visualRect(at).center())

    def row(self, name: str, words: str) -> None:
        """Click the row of a list or table that says these words."""
        view = self.find_as(QAbstractItemView, name)
        self.until(lambda: _row_of(view, words) is not None, f"a row of {name} with {words}")
        at = _row_of(view, words)
        if at is None:
            raise Lost(words)
        view.scrollTo(view.model().index(*at))
        self.click_at(view.viewport(), view.visualRect(view.model().index(*at)).center())

    def open_row(self, name: str, words: str) -> None:
        """Open the row of a list or table that says these words."""
        self.row(name, words)
        view = self.find_as(QAbstractItemView, name)
        if view.currentIndex().isValid():
            spot = view.visualRect(view.currentIndex()).center()
            QTest.mouseDClick(view.viewport(), _LEFT, Qt.KeyboardModifier.NoModifier, spot)
            self.settle()

    def page(self, number: int) -> None:
        """Go to a page of the rail: 1 the desk, 2 the cases, 3 the releases, 4 the audit."""
        view = self.find_as(QAbstractItemView, "rail.pages")
        self.click_at(view.viewport(), view.visualRect(view.model().index(number - 1, 0)).center())

    def tab(self, name: str, words: str) -> None:
        """Bring the tab with these words to the front."""
        bar = self.find_as(QTabBar, name)
        at = _tab_of(bar, words)
        self.click_at(bar, bar.tabRect(at).center())

    def menu(self, opener: str, action: str) -> None:
        """Open a menu with a button and choose the entry of this object name."""
        self.click(opener)
        self.until(lambda: _menu() is not None, f"the menu of {opener}")
        menu = _menu()
        entry = next((a for a in menu.actions() if a.objectName() == action), None) if menu else None
        if menu is None or entry is None:
            raise Lost(f"{opener} offers no {action}")
        self.click_at(menu, menu.actionGeometry(entry).center())

    def choose_path(self, chooser: str, path: str) -> None:
        """Type a path into the file chooser that is open and take it."""
        field = self.find(chooser).findChild(QLineEdit, "fileNameEdit")
        if field is None:
            raise Lost(f"{chooser} has no field for a name")
        self.until(field.hasFocus, "the field for a file's name to have the keyboard")
        self.press("Ctrl+A")
        self.write(path)
        popup = QApplication.activePopupWidget()
        if popup is not None:
            self.press("Escape")
        self.press("Return")
        self.gone(chooser)


class Keys(Driver):
    """The same person without a mouse: goes to every control with Tab, and presses it there."""

    @override
    def click(self, name: str) -> None:
        self.reach(name)
        target = self.focus()
        self.press("Space" if not isinstance(target, QLineEdit) else "End")

    @override
    def click_at(self, widget: QWidget, at: QPoint) -> None:
        raise Lost(f"there is no mouse to click {widget.objectName()} with")

    @override
    def fill(self, name: str, text: str) -> None:
        self.reach(name)
        self.press("Ctrl+A")
        self.write(text)

    @override
    def choose(self, name: str, value: str) -> None:
        combo = self.find_as(QComboBox, name)
        self.reach(name)
        wanted = _entry(combo, value)
        while combo.currentIndex() != wanted:
            self.press("Down" if combo.currentIndex() < wanted else "Up")

    @override
    def row(self, name: str, words: str) -> None:
        view = self.find_as(QAbstractItemView, name)
        self.until(lambda: _row_of(view, words) is not None, f"a row of {name} with {words}")
        self.reach(name)
        self.press("Ctrl+Home")
        for _ in range(_STEPS):
            at = _row_of(view, words)
            if at is not None and view.currentIndex().row() == at[0]:
                return
            self.press("Down")
        raise Lost(f"no arrow leads to {words}")

    @override
    def open_row(self, name: str, words: str) -> None:
        self.row(name, words)
        self.press("Return")

    @override
    def page(self, number: int) -> None:
        self.press(f"Alt+{number}")

    @override
    def tab(self, name: str, words: str) -> None:
        bar = self.find_as(QTabBar, name)
        self.reach(name)
        wanted = _tab_of(bar, words)
        while bar.currentIndex() != wanted:
            self.press("Right" if bar.currentIndex() < wanted else "Left")

    @override
    def menu(self, opener: str, action: str) -> None:
        self.click(opener)
        self.until(lambda: _menu() is not None, f"the menu of {opener}")
        for _ in range(_STEPS):
            menu = _menu()
            if menu is None:
                break
            if any(entry.objectName() == action for entry in menu.actions() if entry is menu.activeAction()):
                self.press("Return")
                return
            self.press("Down")
        raise Lost(f"{opener} offers no {action}")

    def reach(self, name: str) -> None:
        """Go to a control with Tab alone, and see that the way back would be the same."""
        self.find(name)
        passed: list[str] = []
        for _ in range(_STEPS):
            target, here = self.find(name), QApplication.focusWidget()
            if here is not None and (here is target or target.isAncestorOf(here) or target.focusProxy() is here):
                return
            passed.append(here.objectName() if here else "")
            self.press("Tab", settle=False)
            QApplication.processEvents()
        raise Lost(f"Tab never comes to {name}; it passes {', '.join(dict.fromkeys(passed))}")


def bring_into_view(widget: QWidget) -> None:
    """Scroll every area around a control as a person would, until the control can be seen."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(widget, 8, 8)
        parent = parent.parentWidget()
    QApplication.processEvents()


def _clear_point(widget: QWidget) -> QPoint:
    """The middle of what can be seen of a control."""
    seen = widget.visibleRegion().boundingRect()
    if seen.isEmpty():
        raise Lost(f"{widget.objectName()} can't be seen")
    return QPointF(seen.center()).toPoint()


def _meets(widget: QWidget, at: QPoint) -> QWidget:
    """What a press at this point of a control really reaches: a popup or dialog in front of the window comes first."""
    window = widget.window()
    front = QApplication.activePopupWidget() or QApplication.activeModalWidget() or window
    return _deepest(window, widget.mapTo(window, at)) if front is window else front


def _deepest(widget: QWidget, at: QPoint) -> QWidget:
    # Not QWidget.childAt: after it, PySide deletes the popup of a combo box together with the Python name for it.
    for child in reversed(widget.children()):
        if not isinstance(child, QWidget) or child.isWindow() or not child.isVisible():
            continue
        if child.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents):
            continue
        inside = child.mapFromParent(at)
        if child.rect().contains(inside) and (child.mask().isEmpty() or child.mask().contains(inside)):
            return _deepest(child, inside)
    return widget


def _give_focus() -> None:
    """Do what a window manager does when a window that had the keyboard is gone: the one behind it gets it."""
    if QApplication.focusWindow() is not None:
        return
    heirs = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w.windowType() == Qt.WindowType.Window]
    heir = QApplication.activeModalWidget() or next(iter(heirs), None)
    if heir is not None:
        heir.activateWindow()
        QApplication.processEvents()


def _windows() -> Iterator[QWidget]:
    """Every window, the one in front last."""
    tops = [top for top in QApplication.topLevelWidgets() if top.isVisible()]
    front = QApplication.activeWindow()
    tops.sort(key=lambda top: top is front)
    yield from tops


def _all(top: QWidget, name: str | None) -> list[QWidget]:
    inside: list[QWidget] = top.findChildren(QWidget, name) if name else top.findChildren(QWidget)
    return [top, *inside] if name in (None, top.objectName()) else inside


def _usable(widget: QWidget | None) -> bool:
    return widget is not None and widget.isEnabled()


def _entry(combo: QComboBox, value: str) -> int:
    found = combo.findData(value)
    index = found if found >= 0 else combo.findText(value)
    if index < 0:
        offered = [str(combo.itemData(i)) for i in range(combo.count())]
        raise Lost(f"{combo.objectName()} offers no {value}, but {offered}")
    return index


def _row_of(view: QAbstractItemView, words: str) -> tuple[int, int] | None:
    model = view.model()
    columns = model.columnCount() if isinstance(view, QTableView) else 1
    for row in range(model.rowCount()):
        for column in range(columns):
            if words in str(model.index(row, column).data() or ""):
                return row, column
    return None


def _tab_of(bar: QTabBar, words: str) -> int:
    found = next((i for i in range(bar.count()) if bar.tabText(i).replace("&&", "&") == words), -1)
    if found < 0:
        raise Lost(f"{bar.objectName()} has no tab {words}")
    return found


def _menu() -> QMenu | None:
    found = QApplication.activePopupWidget()
    return found if isinstance(found, QMenu) else None
