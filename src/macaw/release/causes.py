"""Why values differ between two sides, from what each recorded: files, code, registry, tables, fingerprints of slices.

Nothing is guessed: a cause is named if something recorded speaks for it and nothing recorded excludes it, and what
cannot be excluded because a side did not record it is said apart.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatch
from functools import cache
from importlib.resources import files
from typing import Any

from macaw import pipeline
from macaw.release.side import EMPTY, Made
from macaw.sources import origins

# A file changed, or a hand-kept figure: new or corrected data, which the records of the slice tell apart.
CHANGED = "changed"
_SHOWN = 5


@dataclass(frozen=True, order=True)
class Because:
    """One cause with what speaks for it, in both languages."""

    cause: str
    text: str
    text_zh: str


@dataclass(frozen=True)
class Found:
    """What speaks for causes, and which causes cannot be excluded since a side did not record what would tell."""

    because: frozenset[Because] = frozenset()
    not_excluded: frozenset[str] = frozenset()

    def __or__(self, other: Found) -> Found:
        return Found(self.because | other.because, self.not_excluded | other.not_excluded)

    def __bool__(self) -> bool:
        return bool(self.because or self.not_excluded)


NOTHING = Found()


@dataclass(frozen=True)
class Moved:
    """How many records of a slice came, went and changed; None where only fingerprints are known."""

    added: int | None
    gone: int | None
    altered: int | None


@dataclass(frozen=True)
class Files:
    """Files of a source that came, went and changed between two sides; `changed` is None where no hash was recorded."""

    added: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    changed: tuple[str, ...] | None = ()


@dataclass(frozen=True)
class Lineage:
    """Walks from a table to what it was made from, and says what of it differs between two sides."""

    old: Made
    new: Made
    _known: dict[tuple[str, frozenset[str], frozenset[str] | None], Found] = field(default_factory=dict, repr=False)

    def changed(self, table: str) -> bool | None:
        """Whether a table's contents differ; None where a side did not record it."""
        before, after = self.old.print_of(table), self.new.print_of(table)
        if before is None and after is None:
            return None
        if before is None or after is None:
            # A table that one side does not know, and of which the other has no row, changed nothing.
            recorded = [m.registry if table.startswith("registry_") else m.steps for m in (self.old, self.new)]
            return (before or after) != EMPTY if all(recorded) else None
        return before != after

    def code_changed(self, step: str) -> bool | None:
        """Whether a step's code differs; None where what was recorded cannot tell."""
        before, after = self.old.steps.get(step), self.new.steps.get(step)
        if before is None or after is None:
            return None if not (self.old.steps and self.new.steps) else True
        if "code" in before and "code" in after:
            return bool(before["code"] != after["code"])
        if before["key"] == after["key"]:
            return False
        # The key of a step is the hash of its code and its inputs.
        same = all(self.changed(table) is False for table in self.inputs(step))
        return True if same and not step.startswith("read_") else None

    def inputs(self, step: str) -> tuple[str, ...]:
        """The tables a step reads."""
        for made in (self.new, self.old):
            if "inputs" in made.steps.get(step, {}):
                return tuple(made.steps[step]["inputs"])
        return _planned().get(step, ())

    def files(self, source: str) -> Files:
        """Files of a source that differ."""
        before, after = (_files_of(made, source) for made in (self.old, self.new))
        if before is None or after is None:
            return Files(changed=None)
        # A file that only moved is the same file.
        added, gone = (_others(x, y) for x, y in ((after, before), (before, after)))
        both = sorted(set(before) & set(after))
        if not all(before[f] and after[f] for f in both):
            return Files(added, gone, None)
        return Files(added, gone, tuple(f for f in both if before[f] != after[f]))

    def explain(self, table: str, *, stop: Iterable[str] = (), sources: Iterable[str] | None = None) -> Found:
        """What speaks for a change of a table, walking up through changed tables only and not beyond `stop`.

        Of read files those of `sources` only, unless they are of names.
        """
        key = (table, frozenset(stop), None if sources is None else frozenset(sources))
        if key not in self._known:
            self._known[key] = self._walk(table, set(key[1]), key[2])
        return self._known[key]

    def _walk(self, table: str, seen: set[str], sources: frozenset[str] | None) -> Found:
        if table in seen or self.changed(table) is False:
            return NOTHING
        seen.add(table)
        if table.startswith("registry_"):
            return self._of_registry(table)
        step = self.new.made_by.get(table) or self.old.made_by.get(table) or table
        if step.startswith("read_"):
            source = step.removeprefix("read_")
            if sources is not None and source not in sources and source not in _said()["names"]["sources"]:
                return NOTHING
            found = self._of_source(source)
        else:
            found = self.code(step)
        for name in self.inputs(step):
            found |= self._walk(name, seen, sources)
        return found

    def _of_registry(self, table: str) -> Found:
        cause = _said()["registry"].get(table, "definition")
        if self.changed(table) is None:
            return Found(not_excluded=frozenset({"corrected_data" if cause == CHANGED else cause}))
        name = table.removeprefix("registry_")
        return Found(frozenset({Because(cause, f"registry: {name} differs", f"登记库：{name} 有变动")}))

    def code(self, step: str) -> Found:
        """What speaks for a change of a step's code."""
        cause, changed = _said()["steps"].get(step, "code"), self.code_changed(step)
        if changed is None:
            return Found(not_excluded=frozenset({cause}))
        if not changed:
            return NOTHING
        text = f"code of the step {step} differs", f"步骤 {step} 的程序有变动"
        if step not in self.old.steps or step not in self.new.steps:
            text = f"only one side has the step {step}", f"仅一方有步骤 {step}"
        return Found(frozenset({Because(cause, *text)}))

    def _of_source(self, source: str) -> Found:
        found, names = self.files(source), source in _said()["names"]["sources"]
        because = []
        for paths, cause, verb, verb_zh in (
            (found.added, "new_data", "added", "新增"),
            (found.gone, "corrected_data", "gone", "撤下"),
            (found.changed or (), CHANGED, "changed", "有改动的"),
        ):
            if paths:
                listed = ", ".join(paths[:_SHOWN]) + (f" … ({len(paths)})" if len(paths) > _SHOWN else "")
                text = f"files of {source} {verb}: {listed}", f"{source} {verb_zh}文件：{listed}"
                because.append(Because("matching" if names else cause, *text))
        unknown: set[str] = set()
        if found.changed is None:
            unknown |= {"matching"} if names else {"corrected_data"}
        return Found(frozenset(because), frozenset(unknown)) | self.code(f"read_{source}")


def _others(of: dict[str, str], without: dict[str, str]) -> tuple[str, ...]:
    known = set(without.values()) - {""}
    return tuple(sorted(path for path, hash_ in of.items() if path not in without and hash_ not in known))


def _files_of(made: Made, source: str) -> dict[str, str] | None:
    """Hashes of a source's files by path; empty text where only names were recorded, None where not even those."""
    step = made.steps.get(f"read_{source}")
    if made.steps and step is None:
        return {}
    if step and ("files" in step or "code" in step):
        return dict(step.get("files", {}))
    if made.data is None:
        return None
    if source not in origins() or origins()[source].package:
        return None
    patterns = origins()[source].patterns
    return {path: "" for path in made.data if any(fnmatch(path, p) for p in patterns)}


@cache
def _planned() -> dict[str, tuple[str, ...]]:
    return {step.name: step.inputs for step in pipeline.steps(pipeline.DEMO, ())}


@cache
def _said() -> dict[str, Any]:
    return tomllib.loads(files("macaw.release").joinpath("causes.toml").read_text("utf-8"))


@cache
def causes() -> dict[str, dict[str, str]]:
    """Name and meaning of each cause in both languages, in the order in which they are named.

    >>> list(causes())[:3]
    ['new_data', 'corrected_data', 'matching']
    """
    found: dict[str, dict[str, str]] = _said()["cause"]
    return found
