"""The hand-over file of `git node security`: reports become cases, its day a release."""

from app.importers.vulnerabilities.importer import IMPORTER

__all__ = ["IMPORTER"]
