"""The web back office: sign-in with a second factor, the fleet, admissions, contents."""
