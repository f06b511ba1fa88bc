"""The hub's HTTP interface: one table of operations, from which routes and OpenAPI are made."""
