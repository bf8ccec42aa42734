"""Charts as SVG, written when the site is made: they need no script, scale, print and follow light and dark."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

from macaw.site.data import Point
from macaw.site.language import Language

# Status of a value that is not yet what it will be, or not sure: drawn hollow, its line dashed.
UNSURE = frozenset("PEIFU")
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 16, 14, 26
_LETTER = 6.6


@dataclass(frozen=True)
class Line:
    """One series of a line chart; `colour` is 1 to 6, as in the style sheet."""

    name: str
    points: Sequence[Point]
    colour: int = 1


@dataclass(frozen=True)
class Bar:
    """One bar: a label, a value with its interval, whether it is the one meant, and where it leads."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    colour: int = 1
    link: str = ""
    status: str = "A"


@dataclass(frozen=True)
class _Frame:
    """Where years and values lie on the paper."""

    first: int
    last: int
    bottom: float
    top: float
    width: float
    height: float
    left: float
    right: float

    def x(self, period: float) -> float:
        span = max(self.last - self.first, 1)
        middle = 0.5 if self.first == self.last else (period - self.first) / span
        return round(self.left + middle * (self.width - self.left - self.right), 1)

    def y(self, value: float) -> float:
        part = (value - self.bottom) / ((self.top - self.bottom) or 1)
        return round(self.height - _BOTTOM - part * (self.height - _TOP - _BOTTOM), 1)


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round numbers from `low` to at least `high`, at most about `most`.

    >>> ticks(0, 93)
    [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]
    >>> ticks(0, 0)
    [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    """
    if high <= low:
        high = low + (abs(low) or 1)
    raw = (high - low) / most
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(size * m for m in (1, 2, 2.5, 5, 10) if size * m >= raw * 0.999)
    first = math.floor(low / step + 1e-9)
    last = math.ceil(high / step - 1e-9)
    return [round(k * step, 12) for k in range(first, last + 1)]


def lines(
    series: Sequence[Line], lang: Language, unit: str, label: str, *, width: int = 640, height: int = 260
) -> Markup:
    """A line chart of series over years, with intervals as bands; empty if no series has a value.

    A year without a value leaves a gap; a value that is provisional, estimated or unsure is hollow and its line
    dashed; a break of the series is not bridged. `label` says in words what is shown.
    """
    known = [p for s in series for p in s.points if p.value is not None]
    if not known:
        return Markup("")
    reach = [v for p in known for v in (p.value, p.low, p.high) if v is not None]
    marks = ticks(min(0.0, *reach), max(reach))
    names = max((len(s.name) for s in series), default=0) if len(series) > 1 else 0
    right = _RIGHT + (min(names, 22) * (_LETTER if lang.code == "en" else 2 * _LETTER) if names else 8)
    frame = _Frame(
        first=min(p.period for p in known),
        last=max(p.period for p in known),
        bottom=marks[0],
        top=marks[-1],
        width=width,
        height=height,
        left=_LEFT,
        right=right,
    )
    parts = [*_grid(frame, marks, lang, unit), *(part for s in series for part in _series(s, frame, lang, unit))]
    if len(series) > 1:
        parts += _names(series, frame)
    return _svg(parts, label, width, height)


def _svg(parts: Iterable[str], label: str, width: float, height: float) -> Markup:
    return Markup(  # noqa: S704  # every text in it is escaped where it is made
        f'<svg class="chart" viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(label)}"'
        f' xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'
    )


def _grid(frame: _Frame, marks: Sequence[float], lang: Language, unit: str) -> Iterator[str]:
    for mark in marks:
        y = frame.y(mark)
        kind = "axis" if mark == 0 else "grid"
        yield f'<path class="{kind}" d="M{frame.left} {y}H{frame.width - frame.right:g}"/>'
        yield f'<text class="tick" x="{frame.left - 6}" y="{y + 4:g}" text-anchor="end">{lang.short(mark, unit)}</text>'
    room = (frame.width - frame.left - frame.right) / 44
    step = max(1, math.ceil((frame.last - frame.first + 1) / max(room, 1)))
    for year in range(frame.last, frame.first - 1, -step):
        at = f'x="{frame.x(year)}" y="{frame.height - 8}"'
        yield f'<text class="tick" {at} text-anchor="middle">{year}</text>'


def _series(line: Line, frame: _Frame, lang: Language, unit: str) -> Iterator[str]:
    for run in _runs(line.points):
        band = [p for p in run if p.low is not None and p.high is not None]
        if len(band) > 1:
            upper = " ".join(f"{frame.x(p.period)},{frame.y(p.high or 0)}" for p in band)
            lower = " ".join(f"{frame.x(p.period)},{frame.y(p.low or 0)}" for p in reversed(band))
            yield f'<polygon class="band c{line.colour}" points="{upper} {lower}"/>'
        for before, after in pairwise(run):
            dashed = " soft" if _soft(before, after) else ""
            yield (
                f'<path class="line c{line.colour}{dashed}" d="M{frame.x(before.period)} {frame.y(before.value or 0)}'
                f'L{frame.x(after.period)} {frame.y(after.value or 0)}"/>'
            )
    known = [p for p in line.points if p.value is not None]
    for p in known:
        x, y = frame.x(p.period), frame.y(p.value or 0)
        if p.low is not None and p.high is not None:
            yield f'<path class="whisker c{line.colour}" d="M{x} {frame.y(p.low)}V{frame.y(p.high)}"/>'
        hollow = " hollow" if p.status in UNSURE else ""
        told = f"{line.name} {p.period}: {lang.number(p.value, unit)}"
        interval = lang.range(p.low, p.high, unit)
        told += f" ({interval})" if interval else ""
        told += "" if p.status == "A" else f" · {lang.t('status.' + p.status)}"
        kind = f"dot c{line.colour}{hollow}"
        yield f'<circle class="{kind}" cx="{x}" cy="{y}" r="3"><title>{escape(told)}</title></circle>'


def _soft(before: Point, after: Point) -> bool:
    """Whether a stretch is dashed: it leads to a value that is provisional, or less reliable than the one before."""
    return after.status in UNSURE - {"U"} or (after.status == "U" and before.status != "U")


def _runs(points: Sequence[Point]) -> Iterator[list[Point]]:
    """Stretches of successive years with a value; a break (status B) begins a new one."""
    run: list[Point] = []
    for p in points:
        if run and (p.value is None or p.status == "B" or p.period != run[-1].period + 1):
            yield run
            run = []
        if p.value is not None:
            run.append(p)
    if run:
        yield run


def _names(series: Sequence[Line], frame: _Frame) -> Iterator[str]:
    """Each series' name beside its last value, moved apart where they would touch."""
    ends = []
    for s in series:
        last = next((p for p in reversed(s.points) if p.value is not None), None)
        if last:
            ends.append((frame.y(last.value or 0), s))
    ends.sort(key=lambda e: e[0])
    taken = -99.0
    for y, s in ends:
        taken = max(y + 4, taken + 15)
        x = frame.width - frame.right + 8
        yield f'<text class="name c{s.colour}" x="{x:g}" y="{taken:g}">{escape(_cut(s.name))}</text>'


def _cut(name: str, most: int = 22) -> str:
    return name if len(name) <= most else name[: most - 1] + "…"


def bars(
    rows: Sequence[Bar], lang: Language, unit: str, label: str, *, width: int = 480, name_width: int = 140
) -> Markup:
    """Bars from zero with intervals as whiskers, one row each, in the order given; no value is told, not drawn."""
    reach = [v for r in rows for v in (r.value, r.high) if v is not None]
    if not reach:
        return Markup("")
    top = max(*reach, 0.0) or 1.0
    room = width - name_width - 92
    parts: list[str] = []
    for n, row in enumerate(rows):
        y = 4 + n * 26
        name = escape(_cut(row.label, max(22, int(name_width / _LETTER))))
        text = f'<text class="label" x="{name_width - 8}" y="{y + 15}" text-anchor="end">{name}</text>'
        parts.append(f'<a href="{escape(row.link)}">{text}</a>' if row.link else text)
        end: float = name_width
        if row.value is not None:
            length = max(row.value, 0) / top * room
            end = name_width + length
            hollow = " hollow" if row.status in UNSURE else ""
            size = f'x="{name_width}" y="{y + 3}" width="{length:.1f}" height="16"'
            parts.append(f'<rect class="bar c{row.colour}{hollow}" {size} rx="1"/>')
            if row.low is not None and row.high is not None:
                a, b = (name_width + v / top * room for v in (max(row.low, 0), row.high))
                parts.append(
                    f'<path class="whisker" d="M{a:.1f} {y + 11}H{b:.1f}M{a:.1f} {y + 7}v8M{b:.1f} {y + 7}v8"/>'
                )
                end = max(end, b)
        value = lang.number(row.value, unit)
        parts.append(f'<text class="value" x="{end + 7:.1f}" y="{y + 15}">{escape(value)}</text>')
    return _svg(parts, label, width, 8 + 26 * len(rows))


def spark(points: Sequence[Point], label: str, *, width: int = 120, height: int = 28) -> Markup:
    """A small line without axes, for a table."""
    known = [p for p in points if p.value is not None]
    if len(known) < 2:
        return Markup("")
    top = max(p.value or 0 for p in known) or 1
    first, span = known[0].period, max(known[-1].period - known[0].period, 1)
    path = " ".join(
        f"{2 + (p.period - first) / span * (width - 4):.1f},{height - 3 - (p.value or 0) / top * (height - 6):.1f}"
        for p in known
    )
    return _svg([f'<polyline class="line c1" points="{path}"/>'], label, width, height)
