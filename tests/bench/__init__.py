"""The budgets, measured side by side with their yardsticks; `python -m tests.bench --help` tells how."""
