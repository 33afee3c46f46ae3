"""The built-in node pack of Diorama."""

MODULES = (
    "diorama_nodes.flow.nodes",
    "diorama_nodes.plan.nodes",
    "diorama_nodes.plan.model_nodes",
    "diorama_nodes.images.nodes",
    "diorama_nodes.models.nodes",
    "diorama_nodes.objects.nodes",
    "diorama_nodes.scene.nodes",
    "diorama_nodes.character.nodes",
    "diorama_nodes.audio.nodes",
    "diorama_nodes.render.nodes",
    "diorama_nodes.splats.nodes",
    "diorama_nodes.package.nodes",
)
"""Modules whose nodes make up the pack."""
PAINTERS = {
    "mesh": "diorama_nodes.render.thumbnails:paint_mesh",
    "motion": "diorama_nodes.render.thumbnails:paint_motion",
    "rig": "diorama_nodes.render.thumbnails:paint_rig",
    "scene": "diorama_nodes.render.thumbnails:paint_scene",
    "splat": "diorama_nodes.splats.thumbnails:paint_splat",
}
"""Functions that picture values for lists, by type."""
