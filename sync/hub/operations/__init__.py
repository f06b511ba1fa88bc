"""Running a fleet from the back office: events, closings, reports of citizens, statistics."""
