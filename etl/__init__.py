"""From workbooks to the model: reads spreadsheets, holds them to the contract, publishes Parquet."""
