"""Charts: a result of `hnb.metrics.compute` and its measure in, a plotly figure out.

No Dash in here, so that notebooks draw the same charts. Titles, sources and notes belong to the page.
"""
