"""Problems from walks and limits: what is left unsaid gets its default, what is said is checked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from walkshed.errors import InvalidValueError
from walkshed.model.arrays import FloatArray, Int32Array, IntArray, distinct, read_only
from walkshed.model.ground.walking import Pairs
from walkshed.model.messages import Message
from walkshed.model.plans.siting import Goal, Problem, State

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
    apart: ArrayLike | None = None,
    single_source: bool = False,
) -> Problem:
    """Return the checked ``Problem``; shapes as there.

    Left out: whole shares, one option per site, no costs (for ``cover_all`` every new site costs 1,
    so that the number of sites is least), no capacities, everything free, any number of services at
    a site. In a plain problem (no ``option_site``) a standing site's option stands and a required
    one's is required. ``site_*`` values may be single numbers once ``option_site`` or another array
    tells the number of sites. Raises ``InvalidValueError`` for values that make no problem.
    """
    # options and their sites
    goal = Goal(goal)
    begins = np.asarray(start, dtype=np.int64)
    options = len(begins) - 1
    site = np.arange(options)
    if option_site is not None:
        site = np.asarray(option_site, dtype=np.int64)
    sites = _site_count(site, site_cost, site_state, site_slots)
    states = _filled(site_state, State.FREE, sites, "site_state")

    # pairs of option and row, rows ascending within an option
    rows = np.asarray(demand, dtype=np.int64)
    meters = np.zeros(len(rows))
    if distance_m is not None:
        meters = np.asarray(distance_m, dtype=np.float64)
    parts = np.minimum(_filled(share, 1.0, len(rows), "share"), 1.0)
    people = np.asarray(weight, dtype=np.float64)
    _check_starts(begins, rows, len(people))
    _check_values(rows, meters, people)
    _check_sites(site, options, sites)
    order = np.lexsort((rows, np.repeat(np.arange(options), np.diff(begins))))

    # in a plain problem an option is what its site is
    if option_state is None and option_site is None:
        decided = np.isin(states, [State.STANDING, State.REQUIRED])
        option_state = np.where(decided[site], states[site], State.FREE)

    # what costs nothing is counted, where the least cost is sought
    least_cost = 1.0 if goal is Goal.COVER_ALL and option_cost is None else 0.0
    checked = Problem(
        goal=goal,
        weight=read_only(people, np.float64),
        start=read_only(begins, np.int64),
        demand=read_only(rows[order], np.int32),
        distance_m=read_only(meters[order], np.float64),
        share=read_only(parts[order], np.float64),
        option_site=read_only(site, np.int32),
        option_cost=read_only(_filled(option_cost, 0.0, options, "option_cost"), float),
        option_capacity=read_only(
            _filled(option_capacity, np.inf, options, "option_capacity"), float
        ),
        option_state=read_only(
            _filled(option_state, State.FREE, options, "option_state"), np.int32
        ),
        site_cost=read_only(_filled(site_cost, least_cost, sites, "site_cost"), float),
        site_state=read_only(states, np.int32),
        site_slots=read_only(_filled(site_slots, UNLIMITED_SLOTS, sites, "site_slots"), int),
        group=read_only(_filled(group, -1, options, "group"), np.int32),
        prerequisite=read_only(np.asarray(prerequisite, dtype=np.int64).reshape(-1, 2), np.int64),
        new_sites=new_sites,
        budget=None if budget is None else float(budget),
        leave_out_unreachable=leave_out_unreachable,
        apart=_pairs_of_sites(apart, sites),
        single_source=single_source,
    )
    _check_conditions(checked)
    return checked


def rows_within(
    pairs: Pairs, limit_m: ArrayLike, options: int, *, station_of_option: ArrayLike | None = None
) -> tuple[IntArray, Int32Array, FloatArray]:
    """Return (start, demand, distance_m) of the pairs within each point's own limit, by option.

    ``limit_m`` (p,) holds the limit of each demand point (nan or negative: no need, never covered).
    ``station_of_option`` (``options``,) is the station of ``pairs`` at which each option stands;
    left out, option i is station i.
    """
    # the pairs within the limits, by station
    limits = np.asarray(limit_m, dtype=np.float64)
    within = pairs.distance_m <= limits[pairs.point]
    station, point, meters = pairs.station[within], pairs.point[within], pairs.distance_m[within]
    order = np.lexsort((point, station))
    station, point, meters = station[order], point[order], meters[order]

    # every option gets those of its station
    at = np.arange(options)
    if station_of_option is not None:
        at = np.asarray(station_of_option, dtype=np.int64)
    first, last = np.searchsorted(station, at), np.searchsorted(station, at, side="right")
    start = np.concatenate([[0], np.cumsum(last - first)])
    rows = np.repeat(first - start[:-1], last - first) + np.arange(start[-1])
    return (
        read_only(start, np.int64),
        read_only(point[rows], np.int32),
        read_only(meters[rows], np.float64),
    )


def _pairs_of_sites(apart: ArrayLike | None, sites: int) -> IntArray | None:
    """Return (k, 2) pairs of different sites; None where none are given."""
    if apart is None:
        return None
    pairs = np.asarray(apart, dtype=np.int64).reshape(-1, 2)
    beyond = len(pairs) and not (pairs.min() >= 0 and pairs.max() < sites)
    if beyond or (pairs[:, 0] == pairs[:, 1]).any():
        raise InvalidValueError(
            Message("apart names pairs of the {sites} {sites:site|sites}; none twice", sites=sites)
        )
    return read_only(pairs, np.int64)


def _site_count(site: IntArray, *arrays: ArrayLike | None) -> int:
    """Return how many sites there are, by the arrays that have one value for each, or by number."""
    given = {
        len(np.asarray(array)) for array in arrays if array is not None and np.ndim(array) == 1
    }
    least = int(site.max(initial=-1)) + 1
    if len(given) > 1 or (given and max(given) < least):
        raise InvalidValueError(
            Message(
                "site_cost, site_state and site_slots speak of {given} sites, option_site of "
                "{least}; give one value per site",
                given=sorted(given),
                least=least,
            )
        )
    return max(given, default=least)


def _filled(values: ArrayLike | None, default: float, count: int, name: str) -> FloatArray:
    """Return (``count``,) the values, the single value repeated, or the default."""
    if values is None:
        return np.full(count, float(default))
    array = np.asarray(values, dtype=np.float64)
    if array.ndim == 0:
        return np.full(count, array)
    if array.shape != (count,):
        raise InvalidValueError(
            Message(
                "{name} has {count} values for {rows}; give one for each",
                name=name,
                count=len(array),
                rows=count,
            )
        )
    return array


def _check_starts(start: IntArray, demand: IntArray, rows: int) -> None:
    """Raise where ``start`` and ``demand`` do not list each option's rows once."""
    if len(start) == 0 or start[0] != 0 or start[-1] != len(demand) or (np.diff(start) < 0).any():
        raise InvalidValueError(
            Message(
                "start must rise from 0 to the {count} {count:row|rows} of demand",
                count=len(demand),
            )
        )
    if len(demand) and not (demand.min() >= 0 and demand.max() < rows):
        raise InvalidValueError(
            Message(
                "demand rows run from {first} to {last}, but weight has {rows}; number them from 0",
                first=demand.min(),
                last=demand.max(),
                rows=rows,
            )
        )

    option = np.repeat(np.arange(len(start) - 1), np.diff(start))
    if len(distinct(option * max(rows, 1) + demand)) != len(demand):
        raise InvalidValueError(
            "an option lists a demand row twice; list each once, with the shortest distance"
        )


def _check_values(demand: IntArray, distance_m: FloatArray, weight: FloatArray) -> None:
    """Raise for distances and weights that are none."""
    if distance_m.shape != demand.shape or not _finite_from_0(distance_m):
        raise InvalidValueError(
            "distance_m must be one finite distance of 0 or more for each demand row; drop the rest"
        )
    if not _finite_from_0(weight):
        raise InvalidValueError("weight must be finite and 0 or more")


def _check_sites(site: IntArray, options: int, sites: int) -> None:
    """Raise where an option has no site, or one that there is not."""
    if site.shape != (options,) or (len(site) and not (site.min() >= 0 and site.max() < sites)):
        raise InvalidValueError(
            Message(
                "option_site must name one of the {sites} {sites:site|sites} for each of "
                "{options} options",
                sites=sites,
                options=options,
            )
        )


def _check_conditions(checked: Problem) -> None:
    """Raise for shares, costs, limits, states and prerequisites that make no problem."""
    # shares and costs
    if not (checked.share > 0.0).all():
        raise InvalidValueError("share must be above 0; leave out pairs that serve nobody")
    if checked.partial and (checked.goal is not Goal.COVER or checked.capacitated):
        raise InvalidValueError(
            "shares below 1 need goal = 'cover' and no option_capacity; give one of the two"
        )
    if checked.single_source and (checked.goal is not Goal.COVER or checked.capacitated):
        raise InvalidValueError(
            "single_source needs goal = 'cover' and no option_capacity; give one of the two"
        )
    if not (_finite_from_0(checked.option_cost) and _finite_from_0(checked.site_cost)):
        raise InvalidValueError("costs must be finite and 0 or more; forbid what cannot be had")

    # limits
    if np.isnan(checked.option_capacity).any() or (checked.option_capacity < 0).any():
        raise InvalidValueError("option_capacity must be 0 or more (inf: no limit)")
    for name, value in (("new_sites", checked.new_sites), ("budget", checked.budget)):
        if value is not None and not 0 <= value < np.inf:
            raise InvalidValueError(
                Message(
                    "{name} = {value}; give 0 or more, or None for no limit", name=name, value=value
                )
            )

    # what stands
    standing = checked.standing
    if (checked.site_state[checked.option_site[standing]] != State.STANDING).any():
        raise InvalidValueError(
            "an option stands at a site that does not; mark the site as standing too"
        )
    if (standing & (checked.group >= 0)).any():
        raise InvalidValueError(
            "a standing option is in a group; what may be given up is free, at no cost"
        )

    # prerequisites
    options = len(checked.option_site)
    pairs = checked.prerequisite
    if len(pairs) and not (pairs.min() >= 0 and pairs.max() < options):
        raise InvalidValueError(
            Message("prerequisite names an option beyond the {options} there are", options=options)
        )


def _finite_from_0(values: FloatArray) -> bool:
    """Return whether all values are finite and 0 or more."""
    return bool(np.isfinite(values).all() and (values >= 0).all())
