"""The connection to the local service. Nothing in this folder imports bpy, so that plain Python can test it."""
