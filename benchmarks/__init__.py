"""Measurements as ratios: against a bare Flask view, raw smtplib, WeasyPrint's own floor. `make bench` runs them."""
