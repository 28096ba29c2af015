"""Verdicts and histories as text, JSON, JSON lines and SARIF."""
