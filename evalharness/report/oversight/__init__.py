"""What people do with the classifier's answers, in pages of the report."""
