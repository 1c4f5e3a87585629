"""Log trees, signed notes and proofs as values: no Django, no rows; `palimpsest verify-proof` needs no more."""
