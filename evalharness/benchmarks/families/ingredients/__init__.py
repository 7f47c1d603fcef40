"""What recipes of all families are made of: random bits, exact shares, dials, strata of groups, bell-shaped noise, joint weights, columns.

Every function here gives the same bytes on every machine: whole numbers, exact fractions, table lookups, and IEEE sums, products and
quotients in a stated order; never a logarithm, an exponential or a library's sum over many values.
"""
