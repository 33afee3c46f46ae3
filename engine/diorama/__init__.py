"""Diorama: a node-graph workflow engine that turns a sentence or a picture into a 3D scene."""
