"""People in the items: who is in which, what was opened, who was identified and contacted."""
