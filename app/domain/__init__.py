"""What is true, whoever asks: events, cases, releases, policies and clocks, pure and frozen."""
