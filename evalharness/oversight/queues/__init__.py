"""Queues of reading: who waits how long, in the order of the bands and in order of arrival. It describes, and never decides."""
