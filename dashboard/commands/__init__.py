"""Commands of ``python -m dashboard``: one module a group, each with ``register(app)``.

Modules import what is slow inside their functions, so that ``--help`` answers at once.
"""
