"""Patrols that are suggested, and rotas that cannot be foreseen: asked for, worked out beside the page, and told."""
