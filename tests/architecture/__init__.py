"""The house's own rules, which no linter knows."""
