"""What is due, most urgent first, and the embargoes ahead."""
