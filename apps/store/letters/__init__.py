"""Official documents of the store as tagged PDF: decisions, opinions, minutes, agreements, answers (STO-06, STO-11)."""
