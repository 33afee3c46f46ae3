"""From a plan and meshes to a scene."""
