"""Pieces of page: they are given values and give Dash components; none of them reads data."""
