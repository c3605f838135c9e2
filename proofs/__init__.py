"""Proofs that no fault loses money, each with a control that must fail."""
