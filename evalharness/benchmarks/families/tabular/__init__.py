"""What the two families of tables share: mixed features whose values can be missing, drawn from exact tables.

Given (outcome, stratum of groups, older or newer pattern, hidden or not) every feature is drawn by itself from a table of whole numbers of
65,536ths, a missing value being one of its entries. The chance of the outcome given exactly a row's features, with what of them is
missing, is a sum of products of those entries.
"""
