"""Jobs over several domains: safe to run twice, at once, late, and to be killed at any point."""
