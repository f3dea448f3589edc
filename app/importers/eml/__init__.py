"""A report that came by mail: one RFC 5322 message, headers, text and attachments, kept whole beside what is read."""

from app.importers.eml.importer import IMPORTER

__all__ = ["IMPORTER"]
