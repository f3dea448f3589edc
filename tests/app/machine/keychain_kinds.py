"""Keychains that exist only in a test; what they keep lies in one place, so that a test can look and change it."""

from __future__ import annotations

from typing import ClassVar

from typing_extensions import override

from app.machine.keychain import Kind


class Plain:
    """Keeps what it is given."""

    priority: ClassVar[float] = 5
    kept: ClassVar[dict[tuple[str, str], str]] = {}

    def get_password(self, service: str, user: str) -> str | None:
        return self.kept.get((service, user))

    def set_password(self, service: str, user: str, text: str) -> None:
        self.kept[service, user] = text

    def delete_password(self, service: str, user: str) -> None:
        del self.kept[service, user]


class Other(Plain):
    """Another one, with a drawer of its own."""

    kept: ClassVar[dict[tuple[str, str], str]] = {}


class Forgetful(Plain):
    """Says yes and keeps nothing."""

    @override
    def set_password(self, service: str, user: str, text: str) -> None:
        """Nothing is kept."""


class Locked(Plain):
    """The person would not unlock it; its error holds what it was given, as some do."""

    @override
    def set_password(self, service: str, user: str, text: str) -> None:
        raise PermissionError(text)

    @override
    def get_password(self, service: str, user: str) -> str | None:
        raise PermissionError(user)


def kind(made: type[Plain]) -> Kind:
    """The entry of the list for one of these."""
    return Kind("linux", __name__, made.__name__, made.__name__)
