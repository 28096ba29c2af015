"""Bytes: where they lie, how they are read, hashed, and written so that they last."""
