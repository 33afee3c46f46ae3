"""Devices, who may use them, and which models lie on them."""
