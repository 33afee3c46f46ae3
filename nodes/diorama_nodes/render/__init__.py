"""Pictures of scenes and meshes."""
