"""The model: what the high needs numbers mean. No Dash, Plotly or openpyxl in here."""
