"""Runs: the scheduler, what it tells, and what it leaves on record."""
