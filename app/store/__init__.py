"""The only room where SQL is spoken: the encrypted store, its log, its projections and its verification."""
