"""Fit the matcher's model from labelled affiliation strings and write it into the package.

    python benchmarks/fit_matcher.py --gold affiliations_dev.jsonl.gz --build macaw-build

Learns on the train parts of S2AFF, Crossref (publisher-asserted, 2023) and ROR's API logs, which are openly licensed,
and on nothing else. Every string's likelihood used for the second stage and for calibration comes from trees that did
not see it (five folds by the letters of the string). Needs scikit-learn (development dependencies).
"""

from __future__ import annotations

import argparse
import re
import zlib
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.isotonic import IsotonicRegression

import matching
from macaw import api, registry
from macaw.organisations import forest
from macaw.organisations.candidates import Strings
from macaw.organisations.decision import LEAST
from macaw.organisations.features import NAMES, Rows, relations, rows
from macaw.organisations.forest import DEPTH, Forest, Model
from macaw.organisations.lexicon import RULES, Lexicon
from macaw.organisations.names import tokens

# Strings of the smaller sets, which label all organisations of a string or none, count for more.
WEIGHTS = {"S2AFF": 2.0, "Crossref-publisher-asserted-2023": 1.0, "ROR-API-logs-2023": 3.0}
# Crossref's publishers assert one organisation of a string that may name several, so that another one which stands as
# a whole part of the string is only half a wrong answer.
UNASSERTED = 0.5
FOLDS = 5
TREES = {
    "max_iter": 120,
    "learning_rate": 0.1,
    "max_depth": DEPTH,
    "max_leaf_nodes": 24,
    "min_samples_leaf": 25,
    "l2_regularization": 2.0,
    "random_state": 0,
    "early_stopping": False,
}
# Words in fewer names than this tell as much as unknown ones.
_RARE = 3
_KNOTS = np.linspace(0, 1, 41)
Array = npt.NDArray[Any]


def fold_of(text: str) -> int:
    """Strings that differ only in case, blanks and punctuation are in one fold."""
    return zlib.crc32(re.sub(r"\W", "", text.lower()).encode()) % FOLDS


def word_weights(names: list[str]) -> dict[str, float]:
    """Logarithm of the number of names over the number that have the word."""
    frequency: Counter[str] = Counter()
    for name in names:
        frequency.update(set(tokens(name)))
    return {w: float(np.float32(np.log(len(names) / (1 + n)))) for w, n in frequency.items() if n >= _RARE}


def as_forest(made: Any) -> Forest:
    """A fitted classifier's trees in complete layout."""
    size = 2**DEPTH
    count = len(made._predictors)
    feature = np.zeros((count, size - 1), np.int64)
    threshold = np.full((count, size - 1), np.inf)
    leaf = np.zeros((count, size))
    for tree, (predictor,) in enumerate(made._predictors):
        nodes = predictor.nodes
        waiting = [(0, 0, 0)]
        while waiting:
            place, node, depth = waiting.pop()
            if nodes[node]["is_leaf"]:
                last = 2 ** (DEPTH - depth)
                first = (place - (2**depth - 1)) * last
                leaf[tree, first : first + last] = nodes[node]["value"]
            else:
                feature[tree, place] = nodes[node]["feature_idx"]
                threshold[tree, place] = nodes[node]["num_threshold"]
                waiting += [
                    (2 * place + 1, int(nodes[node]["left"]), depth + 1),
                    (2 * place + 2, int(nodes[node]["right"]), depth + 1),
                ]
    return Forest(
        feature, threshold, leaf.astype(np.float32).astype(float), float(made._baseline_prediction.ravel()[0])
    )


def unasserted(lexicon: Lexicon, of: Rows, gold: list[dict[str, Any]], right: Array) -> Array:
    """Rows of Crossref strings that name another organisation in full, beside the asserted one."""
    crossref = np.array([g["dataset"].startswith("Crossref") for g in gold])[of.text]
    answered = np.zeros(len(gold), bool)
    np.logical_or.at(answered, of.text, right)
    in_full = of.is_whole & ~of.is_similar & ~of.is_covered & (lexicon.entry_rule[of.entry] >= RULES.index("phrase"))
    return np.asarray(crossref & ~right & answered[of.text] & in_full)


def fit(matrix: Array, right: Array, weight: Array) -> Any:
    """One stage of trees."""
    return HistGradientBoostingClassifier(**TREES).fit(matrix, right, sample_weight=weight)


def out_of_fold(matrix: Array, right: Array, weight: Array, folds: Array) -> Array:
    """Likelihoods from trees that did not see the string."""
    likelihood = np.zeros(len(right))
    for fold in range(FOLDS):
        held = folds == fold
        likelihood[held] = fit(matrix[~held], right[~held], weight[~held]).predict_proba(matrix[held])[:, 1]
    return likelihood


def main() -> None:
    """Fit, say how well the likelihoods hold out of fold, and write the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path(forest.__file__).with_name("model.npz"))
    options = parser.parse_args()
    gold = [g for g in matching.gold_of(options.gold) if g["split"] == "train" and g["dataset"] in WEIGHTS]
    names = api.open(options.build).table("organisation_names")["name"].to_pylist()
    none = Forest(np.zeros((0, 1), np.int64), np.zeros((0, 1)), np.zeros((0, 1)), 0.0)
    line = np.array([0.0, 1.0])
    matcher, _ = api.matcher(options.build, model=Model(none, none, word_weights(names), tuple(NAMES), line, line))
    texts = matcher.parsed([g["affiliation"] for g in gold])
    of = rows(matcher.lexicon, Strings.of(matcher.lexicon, texts))
    number = {o: i for i, o in enumerate(matcher.lexicon.organisations)}
    claimed = {
        r["value"]: r["organisation"] for r in registry.tables()["registry_facts"].to_pylist() if r["property"] == "ror"
    }
    wanted = [{number.get(claimed.get(r, f"ror:{r}"), -1) for r in g["ror_ids"]} for g in gold]
    right = np.array([o in wanted[t] for t, o in zip(of.text.tolist(), of.organisation.tolist(), strict=True)])
    weight = np.array([WEIGHTS[g["dataset"]] for g in gold])[of.text]
    not_labelled = unasserted(matcher.lexicon, of, gold, right)
    weight *= np.where(not_labelled, UNASSERTED, 1.0)
    folds = np.array([fold_of(g["affiliation"]) for g in gold])[of.text]
    likelihood = out_of_fold(of.matrix, right, weight, folds)
    second = np.column_stack([of.matrix, relations(matcher.lexicon, of, likelihood)])
    held_out = out_of_fold(second, right, weight, folds)
    # Whether another organisation that stands in full beside the asserted one is right, Crossref does not say.
    calibration = IsotonicRegression(out_of_bounds="clip").fit(held_out[~not_labelled], right[~not_labelled])
    made = Model(
        as_forest(fit(of.matrix, right, weight)),
        as_forest(fit(second, right, weight)),
        matcher.model.weights,
        tuple(NAMES),
        _KNOTS,
        calibration.predict(_KNOTS),
    )
    made.save(str(options.out))
    print(f"{len(gold):,} strings, {len(right):,} candidates, {right.mean():.3f} right → {options.out}\n")
    matcher.model = made
    answers = [trace.matches for trace in matcher.traces(texts, of, held_out)]
    print("out of fold\n", matching.table(gold, answers, lambda g: g["dataset"]))
    chosen = ~not_labelled & (held_out >= LEAST)
    pairs = zip(held_out[chosen].tolist(), right[chosen].tolist(), strict=True)
    print(matching.reliability((made.calibrated(p), r) for p, r in pairs))


if __name__ == "__main__":
    main()
