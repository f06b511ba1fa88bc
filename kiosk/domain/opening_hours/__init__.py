"""Opening hours in the OSM grammar: read, repaired where dirty, and evaluated day by day.

``reading.parse`` gives an ``expression.Expression`` or raises HoursNotUnderstood; an
``evaluation.Evaluator`` says what it means at a place; ``engine.Engine`` stands behind
``ports.OpeningHours``. No clock, no disk: what a place knows (its holidays, its position, its
time zone) comes in as ``surroundings.Surroundings``.
Source: OpenStreetMap wiki, "Key:opening_hours/specification".
"""
