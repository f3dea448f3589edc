"""PySide6 6.12.0 lost a reference to None or True with every call on Python 3.11, until Python aborted."""

from __future__ import annotations

import subprocess
import sys

CALLS = """
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QLineEdit

class Bell(QObject):
    rung = Signal(int)

app = QApplication([])
line = QLineEdit()
for number in range(20_000):
    line.setText(str(number))
bell = Bell()
heard = []
bell.rung.connect(heard.append)
for number in range(2_000):
    bell.rung.emit(number)
print(line.text(), len(heard))
"""


def test_many_calls_into_qt_do_not_wear_python_out() -> None:
    done = subprocess.run([sys.executable, "-c", CALLS], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.split()) == (0, ["19999", "2000"]), done.stderr
