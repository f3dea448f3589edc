"""What screens ask of the store: one module for each need, every list paged by cursor."""
