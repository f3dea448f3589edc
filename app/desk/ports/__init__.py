"""The sockets that the desk needs filled from outside: clock, identities, vault, queries, keys, interaction."""
