"""Datasets: their records, their blobs, and how they are published."""
