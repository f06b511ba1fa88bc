"""Devices: enrolment, signatures, licences, revocation."""
