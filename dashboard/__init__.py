"""From the model to a screen: `python -m dashboard` serves the current snapshot on this machine.

Nothing is imported here, so that `dashboard.figures` can be used in a notebook without Dash.
"""
