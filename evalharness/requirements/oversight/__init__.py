"""What a policy may say of the people in the loop: shapes, checks and records, source by source."""
