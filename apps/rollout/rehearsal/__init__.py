"""A whole pilot on an empty database, with time as an argument: the training of operators and our proof (decisions 32).

Everything that people and jobs do is done by the services and jobs themselves; who does what is drawn from the seed and
the number of each person, so that the same seed gives the same figures.
"""

from __future__ import annotations
