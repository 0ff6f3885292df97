"""Exact tails of the Poisson and the binomial law, summed from the nearest term outwards: no normal approximation.

Every tail is inclusive: at most k, at least k.
"""

from collections.abc import Iterable
from itertools import count
from math import exp, fsum, lgamma, log, log1p

NEGLIGIBLE = 1e-20
"""A term this small beside the first ends a sum: the terms fall ever faster."""


def poisson_at_most(k: int, mean: float) -> float:
    """P(X <= k) of a count with this mean, which is 0 or more."""
    if k < 0:
        return 0.0
    if k >= mean:
        return 1.0 - poisson_at_least(k + 1, mean)
    return _poisson(k, mean) * _sum(term / mean for term in range(k, 0, -1))


def poisson_at_least(k: int, mean: float) -> float:
    """P(X >= k) of a count with this mean, which is 0 or more."""
    if k <= 0:
        return 1.0
    if mean == 0:
        return 0.0
    if k <= mean:
        return 1.0 - poisson_at_most(k - 1, mean)
    return _poisson(k, mean) * _sum(mean / term for term in count(k + 1))


def binomial_at_most(k: int, n: int, p: float) -> float:
    """P(X <= k) of the successes in n tries with chance 0 <= p <= 1 each."""
    if k < 0:
        return 0.0
    if k >= n * p:
        return 1.0 - binomial_at_least(k + 1, n, p)
    if p == 1:
        return 0.0
    odds = (1.0 - p) / p
    return _binomial(k, n, p) * _sum(term / (n - term + 1) * odds for term in range(k, 0, -1))


def binomial_at_least(k: int, n: int, p: float) -> float:
    """P(X >= k) of the successes in n tries with chance 0 <= p <= 1 each."""
    if k <= 0:
        return 1.0
    if k > n or p == 0:
        return 0.0
    if k <= n * p:
        return 1.0 - binomial_at_most(k - 1, n, p)
    odds = p / (1.0 - p)
    return _binomial(k, n, p) * _sum((n - term + 1) / term * odds for term in range(k + 1, n + 1))


def _poisson(k: int, mean: float) -> float:
    return exp(k * log(mean) - mean - lgamma(k + 1))


def _binomial(k: int, n: int, p: float) -> float:
    ways = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
    return exp(ways + k * log(p) + (n - k) * log1p(-p))


def _sum(ratios: Iterable[float]) -> float:
    """1 + r1 + r1 r2 + ..., where each ratio is below 1 and below the one before it."""
    term = 1.0
    terms = [term]
    for ratio in ratios:
        term *= ratio
        terms.append(term)
        if term < NEGLIGIBLE:
            break
    return fsum(terms)
