"""Does it still hold? Fixity over years, in a history that outsiders can check.

Observations -> events in an append-only ledger -> a Merkle tree with signed checkpoints -> proofs.
"""
