"""What people do with a classifier: fates of items, review logs, samples, people plus model, workload. Sees rows; computes no bound."""
