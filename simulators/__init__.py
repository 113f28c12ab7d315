"""The outside world in small, over the real protocols; development, demonstration and tests only."""
