"""Thin doors onto saved graphs, for programs that want one call: a sentence or a picture in, a file out."""
