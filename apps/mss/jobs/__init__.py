"""Jobs of the mailbox: safe to run twice, at once, late, and to be killed at any point."""
