"""Common Alerting Protocol: alerts of any authority."""
