"""The tidal constituents: their astronomical arguments and nodal factors at a moment.

Sources:

- Arguments: IHO Tide, Water Level and Current Working Group, "Standard list of tidal
  constituents" (2017): XDO letters are the multiples of tau, s, h, p, N', p1 and of 90°
  (Z = 0, A = 1 … H = 8; Y = -1, X = -2, W = -3, V = -4). tau is the Moon's hour angle from
  lower transit, so 15 t + h - s with t in hours from midnight, universal time.
- 3N2 and 3L2 are the third-degree tides of Ray (2020), N2' and L2'; T3 and R3 have the
  arguments of SP3 and SK3, and CLASSES the nodal factors: the list's annexes A and B.
- Mean longitudes: J. Meeus, Astronomical Algorithms, 2nd edition, chapters 25 and 47. Universal
  time stands for dynamical time: 70 s move the Moon by 0.01°, M2 by two seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import atan2, cos, hypot, radians, sin
from typing import TypeAlias

_LETTERS = "VWXYZABCDEFGH"
_EPOCH = datetime(2000, 1, 1, 12, tzinfo=UTC)  # J2000.0
_CENTURY_S = 36_525 * 86_400
_HOURS = 36_525 * 24

Factor: TypeAlias = tuple[float, float]  # f, and u in radians


@dataclass(frozen=True, slots=True, kw_only=True)
class Sky:
    """Mean longitudes in degrees; ``node`` is the Moon's ascending node, N (N' is -N)."""

    hour: float  # 15° for each hour since midnight UTC
    moon: float
    sun: float
    perigee: float
    node: float
    perihelion: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Constituent:
    """Multiples of tau, s, h, p, N', p1 and 90°, and (class, power) for its nodal factor."""

    name: str
    multiples: tuple[int, ...]
    nodal: tuple[tuple[str, float], ...]

    @property
    def speed(self) -> float:
        """The argument's change, degrees an hour."""
        return _argument(self.multiples[:6], _RATES)

    def argument(self, sky: Sky) -> float:
        """Give the equilibrium argument V in degrees, not reduced."""
        return _argument(self.multiples[:6], sky) + 90 * self.multiples[6]

    def factor(self, factors: Mapping[str, Factor]) -> Factor:
        """Give (f, u): factors are multiplied whatever the power's sign, phases added."""
        f, u = 1.0, 0.0
        for name, power in self.nodal:
            of_class = factors[name]
            f, u = f * of_class[0] ** abs(power), u + of_class[1] * power
        return f, u


def sky_at(moment: datetime) -> Sky:
    """Give the mean longitudes at an aware ``moment``."""
    utc = moment.astimezone(UTC)
    t = (utc - _EPOCH).total_seconds() / _CENTURY_S
    midnight = utc.replace(hour=0, minute=0, second=0, microsecond=0)
    return Sky(
        hour=(utc - midnight).total_seconds() / 240,
        moon=218.316_4477 + 481_267.881_234_21 * t - 0.001_5786 * t * t,
        sun=280.466_46 + 36_000.769_83 * t + 0.000_3032 * t * t,
        perigee=83.353_2465 + 4_069.013_7287 * t - 0.010_3200 * t * t,
        node=125.044_52 - 1_934.136_261 * t + 0.002_0708 * t * t,
        perihelion=282.937_35 + 1.719_46 * t + 0.000_46 * t * t,
    )


_RATES = Sky(  # degrees an hour: the linear terms above
    hour=15.0,
    moon=481_267.881_234_21 / _HOURS,
    sun=36_000.769_83 / _HOURS,
    perigee=4_069.013_7287 / _HOURS,
    node=-1_934.136_261 / _HOURS,
    perihelion=1.719_46 / _HOURS,
)


def _argument(multiples: tuple[int, ...], sky: Sky) -> float:
    tau = sky.hour + sky.sun - sky.moon
    angles = (tau, sky.moon, sky.sun, sky.perigee, -sky.node, sky.perihelion)
    return sum(n * angle for n, angle in zip(multiples, angles, strict=True))


def nodal_factors(sky: Sky) -> Mapping[str, Factor]:
    """Give (f, u in radians) by class, from N and p (annex A of the list)."""
    n, p = radians(sky.node), radians(sky.perigee)
    c1, c2, c3 = cos(n), cos(2 * n), cos(3 * n)
    s1, s2, s3 = sin(n), sin(2 * n), sin(3 * n)
    return {
        "M2": (1.0007 - 0.0373 * c1 + 0.0002 * c2, radians(-2.14 * s1)),
        "K2": (
            1.0246 + 0.2863 * c1 + 0.0083 * c2 - 0.0015 * c3,
            radians(-17.74 * s1 + 0.68 * s2 - 0.04 * s3),
        ),
        "O1": (
            1.0176 + 0.1871 * c1 - 0.0147 * c2,
            radians(10.80 * s1 - 1.34 * s2 + 0.19 * s3),
        ),
        "K1": (
            1.0060 + 0.1150 * c1 - 0.0088 * c2 + 0.0006 * c3,
            radians(-8.86 * s1 + 0.68 * s2 - 0.07 * s3),
        ),
        "J1": (
            1.1029 + 0.1676 * c1 - 0.0170 * c2 + 0.0016 * c3,
            radians(-12.94 * s1 + 1.34 * s2 - 0.19 * s3),
        ),
        "MF": (
            1.084 + 0.415 * c1 + 0.039 * c2,
            radians(-23.7 * s1 + 2.7 * s2 - 0.4 * s3),
        ),
        "MM": (1 - 0.1311 * c1 + 0.0538 * cos(2 * p) + 0.0205 * cos(2 * p - n), 0.0),
        "M1": _polar(
            2 * (cos(p) + 0.2 * cos(p - n)),
            sin(p) + 0.2 * sin(p - n),
        ),
        "L2": _polar(
            1 - sum(size * cos(angle) for size, angle in _l2_parts(n, p)),
            -sum(size * sin(angle) for size, angle in _l2_parts(n, p)),
        ),
    }


def _l2_parts(n: float, p: float) -> tuple[Factor, ...]:
    return (0.2505, 2 * p), (0.1102, 2 * p - n), (0.0156, 2 * p - 2 * n), (0.037, n)


def _polar(x: float, y: float) -> Factor:
    return hypot(x, y), atan2(y, x)


def _constituent(line: str) -> Constituent:
    name, xdo, *nodal = line.split()
    pairs = (part.split("^") for part in nodal)
    return Constituent(
        name=name,
        multiples=tuple(_LETTERS.index(letter) - _LETTERS.index("Z") for letter in xdo),
        nodal=tuple((of_class, float(power)) for of_class, power in pairs),
    )


# Name, XDO letters, nodal classes with their powers.
_LIST = """
SA ZZAZZZZ
SSA ZZBZZZZ
MM ZAZYZZZ MM^1
MSF ZBXZZZZ M2^-1
MF ZBZZZZZ MF^1
MTM ZCZYZZZ MM^1
MSQM ZDXZZZZ M2^-1
2Q1 AWZBZZY O1^1
SGM AWBZZZY O1^1
Q1 AXZAZZY O1^1
RHO1 AXBYZZY O1^1
O1 AYZZZZY O1^1
M1 AZZAZZA M1^1
P1 AAXZZZY
S1 AAYZZZB
K1 AAZZZZA K1^1
J1 ABZYZZA J1^1
OO1 ACZZZZA K2^1 O1^-1
EP2 BWBAZZZ M2^1
2N2 BXZBZZZ M2^1
MU2 BXBZZZZ M2^1
3N2 BYZZZZA M2^1
N2 BYZAZZZ M2^1
NU2 BYBYZZZ M2^1
MA2 BZYZZZZ M2^1
M2 BZZZZZZ M2^1
MB2 BZAZZZZ M2^1
MKS2 BZBZZZZ M2^1 K2^1
LAMBDA2 BAXAZZB M2^1
L2 BAZYZZB L2^1
3L2 BAZZZZC M2^1
T2 BBWZZAZ
S2 BBXZZZZ
R2 BBYZZYB
K2 BBZZZZZ K2^1
2SM2 BDVZZZZ M2^-1
M3 CZZZZZB M2^1.5
T3 CCVZZZY
S3 CCWZZZB
R3 CCXZZZA K1^1
N4 DXZBZZZ M2^2
MN4 DYZAZZZ M2^2
M4 DZZZZZZ M2^2
MS4 DBXZZZZ M2^1
S4 DDVZZZZ
2MO5 EYZZZZY M2^2 O1^1
2MK5 EAZZZZA M2^2 K1^1
M6 FZZZZZZ M2^3
2MS6 FBXZZZZ M2^2
M8 HZZZZZZ M2^4
"""

CONSTITUENTS: Mapping[str, Constituent] = {
    constituent.name: constituent for constituent in map(_constituent, _LIST.strip().splitlines())
}
