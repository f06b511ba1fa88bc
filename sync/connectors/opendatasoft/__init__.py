"""Opendatasoft's Explore API: live counts, places."""
