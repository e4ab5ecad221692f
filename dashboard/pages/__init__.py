"""One file a page: its address, its layout and its callbacks. A file that registers a page is in the navigation.

A page says `dash.register_page(__name__, path=…, name=…, title=…, order=…, least_role=…)` and defines
`layout(view: str = "")`, where `view` is the query of the address ("years=2024-25&settings=independent")
without its question mark. It reads `dashboard.data.request_data()`, and its callbacks are
`dashboard.access.guarded_callback`s. `dashboard.app` adds the shell around it.
"""
