"""Made-up reviewers: their dials, their review log, and the true rate of everything that is measured from it."""
