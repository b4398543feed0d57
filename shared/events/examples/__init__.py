"""A frozen example of each event type: what every hearer is tested against."""
