"""The way in: the page that asks for the passphrase, and the form of a new store."""
