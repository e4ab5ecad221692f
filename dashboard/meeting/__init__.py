"""The meeting: a published folder on a big screen, view by view. `python -m dashboard meeting --published DIR`.

It is a process of its own that holds disclosed aggregates and nothing else: it imports neither the store nor the
desk, so that there is no register behind it to leak. Nothing is imported here.
"""
