"""Finding out whether the store is what its log says: chain and signatures, replay, rows, files."""
