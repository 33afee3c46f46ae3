"""Faults that are injected into real servers, and what must hold: docs/reliability.md lists them."""
