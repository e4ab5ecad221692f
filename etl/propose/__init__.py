"""Proposes a layout for a sheet that no layout knows: `python -m etl propose FILE`.

It only writes TOML for `etl.layout_language` to read; nothing is loaded here.
"""

from etl.propose.proposal import Proposal, answered, proposal

__all__ = ["Proposal", "answered", "proposal"]
