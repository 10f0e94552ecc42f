"""Problems from walks and limits: everything that is left unsaid gets its default, everything said is checked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import FloatArray, Int32Array, IntArray, read_only
from walkshed.model.siting import Goal, Problem, State
from walkshed.model.walking import Pairs

UNLIMITED_SLOTS = 2**31


def problem(
    goal: Goal | str,
    *,
    weight: ArrayLike,
    start: ArrayLike,
    demand: ArrayLike,
    distance_m: ArrayLike | None = None,
    share: ArrayLike | None = None,
    option_site: ArrayLike | None = None,
    option_cost: ArrayLike | None = None,
    option_capacity: ArrayLike | None = None,
    option_state: ArrayLike | None = None,
    site_cost: ArrayLike | None = None,
    site_state: ArrayLike | None = None,
    site_slots: ArrayLike | None = None,
    group: ArrayLike | None = None,
    prerequisite: Sequence[tuple[int, int]] = (),
    new_sites: int | None = None,
    budget: float | None = None,
    leave_out_unreachable: bool = False,
) -> Problem:
    """Return the checked ``Problem``; shapes as there.

    Left out: whole shares, one option per site, no costs (for ``cover_all`` every new site costs 1,
    so that the number of sites is least), no capacities, everything free, any number of services at
    a site. In a plain problem (no ``option_site``) a standing site's option stands and a required
    one's is required. ``site_*`` values may be single numbers once ``option_site`` or another array
    tells the number of sites. Raises ``InvalidValueError`` for values that make no problem.
    """
    goal = Goal(goal)
    begins = np.asarray(start, dtype=np.int64)
    options = len(begins) - 1
    plain = option_site is None
    at = np.arange(options) if option_site is None else np.asarray(option_site, dtype=np.int64)
    sites = _site_count(at, site_cost, site_state, site_slots)
    of_site = _filled(State.FREE if site_state is None else site_state, sites, "site_state")
    if option_state is None:
        settled = np.isin(of_site, [State.STANDING, State.REQUIRED])
        option_state = np.where(settled[at], of_site[at], State.FREE) if plain else State.FREE
    least = 1.0 if goal is Goal.COVER_ALL and option_cost is None else 0.0
    rows = np.asarray(demand, dtype=np.int64)
    meters = np.zeros(len(rows)) if distance_m is None else np.asarray(distance_m, dtype=np.float64)
    part = np.minimum(_filled(1.0 if share is None else share, len(rows), "share"), 1.0)
    people = np.asarray(weight, dtype=np.float64)
    _check_rows(begins, rows, meters, people, at, sites)
    order = np.lexsort((rows, np.repeat(np.arange(options), np.diff(begins))))
    made = Problem(
        goal=goal,
        weight=read_only(people, np.float64),
        start=read_only(begins, np.int64),
        demand=read_only(rows[order], np.int32),
        distance_m=read_only(meters[order], np.float64),
        share=read_only(part[order], np.float64),
        option_site=read_only(at, np.int32),
        option_cost=read_only(
            _filled(0.0 if option_cost is None else option_cost, options, "option_cost"), float
        ),
        option_capacity=read_only(
            _filled(
                np.inf if option_capacity is None else option_capacity, options, "option_capacity"
            ),
            float,
        ),
        option_state=read_only(_filled(option_state, options, "option_state"), np.int32),
        site_cost=read_only(
            _filled(least if site_cost is None else site_cost, sites, "site_cost"), float
        ),
        site_state=read_only(of_site, np.int32),
        site_slots=read_only(
            _filled(UNLIMITED_SLOTS if site_slots is None else site_slots, sites, "site_slots"), int
        ),
        group=read_only(_filled(-1 if group is None else group, options, "group"), np.int32),
        prerequisite=read_only(np.asarray(prerequisite, dtype=np.int64).reshape(-1, 2), np.int64),
        new_sites=new_sites,
        budget=None if budget is None else float(budget),
        leave_out_unreachable=leave_out_unreachable,
    )
    _check_conditions(made)
    return made


def rows_within(
    pairs: Pairs, limit_m: ArrayLike, options: int, *, station_of_option: ArrayLike | None = None
) -> tuple[IntArray, Int32Array, FloatArray]:
    """Return (start, demand, distance_m) of the pairs within each point's own limit, by option.

    ``limit_m`` (p,) holds the limit of each demand point (nan or negative: no need, never covered).
    ``station_of_option`` (``options``,) is the station of ``pairs`` at which each option stands;
    left out, option i is station i.
    """
    limits = np.asarray(limit_m, dtype=np.float64)
    within = pairs.distance_m <= limits[pairs.point]
    station, point, meters = pairs.station[within], pairs.point[within], pairs.distance_m[within]
    order = np.lexsort((point, station))
    station, point, meters = station[order], point[order], meters[order]
    at = (
        np.arange(options)
        if station_of_option is None
        else np.asarray(station_of_option, dtype=np.int64)
    )
    first, last = np.searchsorted(station, at), np.searchsorted(station, at, side="right")
    start = np.concatenate([[0], np.cumsum(last - first)])
    rows = np.repeat(first - start[:-1], last - first) + np.arange(start[-1])
    return (
        read_only(start, np.int64),
        read_only(point[rows], np.int32),
        read_only(meters[rows], np.float64),
    )


def _site_count(at: IntArray, *arrays: ArrayLike | None) -> int:
    given = {
        len(np.asarray(array)) for array in arrays if array is not None and np.ndim(array) == 1
    }
    least = int(at.max(initial=-1)) + 1
    if len(given) > 1 or (given and max(given) < least):
        raise InvalidValueError(
            f"site_cost, site_state and site_slots speak of {sorted(given)} sites, option_site of {least}; "
            "give one value per site"
        )
    return max(given) if given else least


def _filled(values: ArrayLike, count: int, name: str) -> FloatArray:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim == 0:
        return np.full(count, array)
    if array.shape != (count,):
        raise InvalidValueError(f"{name} has {len(array)} values for {count}; give one for each")
    return array


def _check_rows(
    start: IntArray,
    demand: IntArray,
    distance_m: FloatArray,
    weight: FloatArray,
    at: IntArray,
    sites: int,
) -> None:
    if len(start) == 0 or start[0] != 0 or start[-1] != len(demand) or (np.diff(start) < 0).any():
        raise InvalidValueError(f"start must rise from 0 to the {len(demand)} rows of demand")
    if len(demand) and not (demand.min() >= 0 and demand.max() < len(weight)):
        raise InvalidValueError(
            f"demand rows run from {demand.min()} to {demand.max()}, but weight has {len(weight)}; number them from 0"
        )
    option = np.repeat(np.arange(len(start) - 1), np.diff(start))
    if len(np.unique(option * max(len(weight), 1) + demand)) != len(demand):
        raise InvalidValueError(
            "an option lists a demand row twice; list each once, with the shortest distance"
        )
    if distance_m.shape != demand.shape or not (
        np.isfinite(distance_m).all() and (distance_m >= 0).all()
    ):
        raise InvalidValueError(
            "distance_m must be one finite distance of 0 or more for each demand row; drop the rest"
        )
    if not (np.isfinite(weight).all() and (weight >= 0).all()):
        raise InvalidValueError("weight must be finite and 0 or more")
    if at.shape != (len(start) - 1,) or (len(at) and not (at.min() >= 0 and at.max() < sites)):
        raise InvalidValueError(
            f"option_site must name one of the {sites} sites for each of {len(start) - 1} options"
        )


def _check_conditions(made: Problem) -> None:
    if not (made.share > 0.0).all():
        raise InvalidValueError("share must be above 0; leave out pairs that serve nobody")
    if made.partial and (made.goal is not Goal.COVER or made.capacitated):
        raise InvalidValueError(
            "shares below 1 need goal = 'cover' and no option_capacity; give one of the two"
        )
    costs = np.concatenate([made.option_cost, made.site_cost])
    if not (np.isfinite(costs).all() and (costs >= 0).all()):
        raise InvalidValueError("costs must be finite and 0 or more; forbid what cannot be had")
    if np.isnan(made.option_capacity).any() or (made.option_capacity < 0).any():
        raise InvalidValueError("option_capacity must be 0 or more (inf: no limit)")
    for name, value in (("new_sites", made.new_sites), ("budget", made.budget)):
        if value is not None and not 0 <= value < np.inf:
            raise InvalidValueError(f"{name} = {value}; give 0 or more, or None for no limit")
    standing = made.standing
    if (made.site_state[made.option_site[standing]] != State.STANDING).any():
        raise InvalidValueError(
            "an option stands at a site that does not; mark the site as standing too"
        )
    if (standing & (made.group >= 0)).any():
        raise InvalidValueError(
            "a standing option is in a group; what may be given up is free, at no cost"
        )
    options = len(made.option_site)
    pairs = made.prerequisite
    if len(pairs) and not (pairs.min() >= 0 and pairs.max() < options):
        raise InvalidValueError(f"prerequisite names an option beyond the {options} there are")
