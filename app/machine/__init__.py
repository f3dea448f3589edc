"""This computer: the real clock, random identities, private files, paths, keychain and gpg."""
