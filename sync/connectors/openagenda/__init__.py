"""Events and places of OpenAgenda."""
