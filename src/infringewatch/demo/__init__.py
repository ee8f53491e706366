"""The bundled fictional sites, their watch list, and the truth about them that only the last step reads."""
