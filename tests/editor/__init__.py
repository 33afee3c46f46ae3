"""The editor, held to the engine that it is for."""
