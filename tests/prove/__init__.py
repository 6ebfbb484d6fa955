"""Proofs over the rulebook for all possible facts."""
