"""The family `case-linkage`: records with noisy opaque attributes; which of them belong to one entity.

An entity has true values of several attributes; each of its records copies them, now and then with an error: the value is missing,
replaced by a fresh draw, or taken for its confusable neighbour. Entities live in regions of a stated number of records; candidate
pairs are the pairs of records of one region that agree on at least one of the blocking attributes.

Harms it takes: base_rate, separability, label_noise, under_representation, missing, proxy, annotator_bias, drift, prevalence_shift,
duplicates, obfuscation. Label noise files a record under another record's entity or cuts it loose. It does not swap two records: a
swap couples them, and the chance of the recorded link would have no closed form.
"""

from evalharness.benchmarks.families.case_linkage.family import CaseLinkage

__all__ = ["CaseLinkage"]
