"""A specification curve: every combination in order of its outcome, and below it the choices it was made of."""

from __future__ import annotations

import html
import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from macaw.errors import MacawError, UsageError
from macaw.sure.multiverse import ALL_SWITCHES, Combination, Multiverse, settings

_LEFT, _RIGHT, _TOP, _WIDTH = 190.0, 16.0, 58.0, 900.0
_CURVE, _ROW, _GAP = 220.0, 13.0, 8.0
_STYLE = """
.curve{font:12px system-ui,"Noto Sans CJK SC",sans-serif;background:#fff}
.curve text{fill:#222}.curve .faint{fill:#666}.curve .line{stroke:#999}
.curve .yes{fill:#0b6e99}.curve .no{fill:#c05a00}.curve .open{fill-opacity:.35}
@media (prefers-color-scheme:dark){.curve{background:#16191c}.curve text{fill:#e8e8e8}.curve .faint{fill:#aaa}
.curve .yes{fill:#5ab4dc}.curve .no{fill:#f0964b}}
"""


def svg(found: Multiverse, text: str) -> str:
    """The curve as an SVG of its own; `text` is the statement as it was asked.

    Above: one mark for each combination, filled where it is settled, pale where a value is not sure; blue where the
    statement holds, orange where not. Below: for each switch that varies a row for each choice.
    """
    rows = [(s, c) for s in ALL_SWITCHES for c in _choices(found.combinations, s)]
    groups = len({s for s, _ in rows})
    height = _TOP + _CURVE + 24 + len(rows) * _ROW + groups * _GAP + 12
    parts = [*_head(found, text), *_marks(found), *_rows(found.combinations, rows)]
    label = html.escape(f"{text}, {found.period}: {summary(found)}")
    return (
        f'<svg class="curve" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:g} {height:g}" role="img" '
        f'aria-label="{label}"><title>{label}</title><style>{_STYLE}</style>{"".join(parts)}</svg>'
    )


def summary(found: Multiverse) -> str:
    """What the curve says, in one sentence."""
    if found.share is not None:
        yes = sum(c.holds == "yes" for c in found.settled)
        told = f"holds under {yes} of {len(found.settled)} combinations ({found.share:.0%})"
        left = len(found.combinations) - len(found.settled)
        return told + (f"; {left} more are not sure enough to count" if left else "")
    yes = sum(c.at_face for c in found.combinations)
    return f"no combination is sure enough; of the values alone it holds under {yes} of {len(found.combinations)}"


def page(found: Multiverse, text: str) -> str:
    """The curve as a page of its own, with a table of every combination; it calls nothing from anywhere."""
    varying = [s for s in ALL_SWITCHES if _choices(found.combinations, s)]
    head = "".join(f"<th>{html.escape(' '.join(_name(s)))}</th>" for s in varying)
    body = "".join(
        "<tr>"
        + "".join(f"<td>{html.escape(c.choices[s])}</td>" for s in varying)
        + f"<td>{c.left:.6g}</td><td>{c.right:.6g}</td><td>{html.escape(c.status)}</td><td>{c.holds}</td></tr>"
        for c in found.combinations
    )
    title = html.escape(f"{text}, {found.period}")
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width"><style>body{font:15px system-ui,sans-serif;max-width:60rem;'
        "margin:1rem auto;padding:0 1rem}table{border-collapse:collapse;font-size:13px}td,th{padding:.2rem .5rem;"
        "text-align:left;border-bottom:1px solid #ccc}@media (prefers-color-scheme:dark){body{background:#16191c;"
        "color:#e8e8e8}}</style>"
        f"<h1>{title}</h1><p>{html.escape(summary(found))}.</p>{svg(found, text)}"
        f"<table><thead><tr>{head}<th>left</th><th>right</th><th>status</th><th>holds</th></tr></thead>"
        f"<tbody>{body}</tbody></table></html>\n"
    )


def write(found: Multiverse, text: str, file: Path) -> None:
    """Write the curve as .svg, .html or .png; PNG needs the package vl-convert-python.

    Raises `UsageError` for another ending, `MacawError` where that package is missing.
    """
    if file.suffix == ".svg":
        file.write_text(svg(found, text) + "\n", "utf-8")
    elif file.suffix == ".html":
        file.write_text(page(found, text), "utf-8")
    elif file.suffix == ".png":
        try:
            import vl_convert
        except ModuleNotFoundError:
            todo = "install macaw-observatory[png], or write .svg"
            raise MacawError(f"{file}: PNG needs the package vl-convert-python", todo) from None
        file.write_bytes(vl_convert.svg_to_png(svg(found, text), scale=2))
    else:
        raise UsageError(f"{file}: a chart is .svg, .html or .png", "end the name in one of these")


def _choices(found: Sequence[Combination], switch: str) -> list[str]:
    """The choices of a switch in the order of first use; none where it does not vary."""
    chosen = sorted({c.choices[switch] for c in found})
    return chosen if len(chosen) > 1 else []


def _name(switch: str) -> tuple[str, str]:
    english, chinese = settings()["names"].get(switch, (switch, ""))
    return english, chinese


def _head(found: Multiverse, text: str) -> Iterator[str]:
    yield f'<text x="12" y="20" font-size="15" font-weight="600">{html.escape(text)}, {found.period}</text>'
    yield f'<text x="12" y="38" class="faint">{html.escape(summary(found))}</text>'


def _x(n: int, of: int) -> float:
    return round(_LEFT + (n + 0.5) / of * (_WIDTH - _LEFT - _RIGHT), 1)


def _marks(found: Multiverse) -> Iterator[str]:
    outcomes = [c.outcome for c in found.combinations]
    low, high = min(0.0, *outcomes), max(0.0, *outcomes)
    span = (high - low) or 1.0

    def y(value: float) -> float:
        return round(_TOP + (high - value) / span * _CURVE, 1)

    logs = not found.statement.is_rank and all(c.left > 0 and c.right > 0 for c in found.combinations)
    for value in sorted({low, 0.0, high}):
        told = f"{math.exp(value):.2g}×" if logs else f"{value:.3g}"
        yield f'<line class="line" x1="{_LEFT:g}" x2="{_WIDTH - _RIGHT:g}" y1="{y(value)}" y2="{y(value)}" '
        yield f'stroke-dasharray="{"0" if value == 0 else "2 3"}"/>'
        yield f'<text x="{_LEFT - 8:g}" y="{y(value) + 4}" text-anchor="end" class="faint">{told}</text>'
    radius = max(1.2, min(3.5, 300 / len(outcomes)))
    for n, c in enumerate(found.combinations):
        kind = ("yes" if c.at_face else "no") + (" open" if c.holds == "open" else "")
        x = _x(n, len(outcomes))
        yield f'<circle class="{kind}" cx="{x}" cy="{y(c.outcome)}" r="{radius:.3g}"/>'


def _rows(found: Sequence[Combination], rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    y, last = _TOP + _CURVE + 24, ""
    width = max(0.6, min(5.0, (_WIDTH - _LEFT - _RIGHT) / len(found) * 0.8))
    for switch, choice in rows:
        if switch != last:
            y += _GAP if last else 0
            yield f'<text x="12" y="{y + 10:g}" font-weight="600">{html.escape(_name(switch)[0])}</text>'
            last = switch
        yield f'<text x="{_LEFT - 8:g}" y="{y + 10:g}" text-anchor="end">{html.escape(choice)}</text>'
        for n, c in enumerate(found):
            if c.choices[switch] == choice:
                kind = ("yes" if c.at_face else "no") + (" open" if c.holds == "open" else "")
                yield f'<rect class="{kind}" x="{_x(n, len(found)) - width / 2:.1f}" y="{y + 1:g}" '
                yield f'width="{width:.2g}" height="{_ROW - 3:g}"/>'
        y += _ROW
