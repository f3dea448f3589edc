"""The public record of Node.js vulnerabilities: core and npm entries, one per file."""

from app.importers.nswg.importer import IMPORTER

__all__ = ["IMPORTER"]
