"""Rules about the repository itself: what reviewers would otherwise have to look for."""
