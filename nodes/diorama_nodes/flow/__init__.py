"""Nodes that steer: switches and lists."""
