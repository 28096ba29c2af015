"""Values and verdicts: what was found, by which rule, where. Standard library only, no I/O."""
