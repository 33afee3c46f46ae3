"""Instruments and drums, each made from nothing but arithmetic."""
