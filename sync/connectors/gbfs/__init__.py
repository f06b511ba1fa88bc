"""GBFS: shared bikes and scooters, their stations and what is free there."""
