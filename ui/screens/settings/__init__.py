"""What a person can choose, and facts about the store."""
