"""The same work on a Dask cluster: a scheduler and its workers do what the pool does elsewhere."""
