"""Classifiers of scikit-learn on the training sets of the learner benchmark, and the summary of all results.

usage: learner.py FEATURES RUNS CACHE RESULT

FEATURES is the folder of the features, RUNS what LearnerBench wrote, CACHE keeps what the peers reached between runs, and
RESULT receives the rows of Headwater and of the peers. Each peer sees all samples of its training set at once.
"""
import hashlib
import json
import os
import sys
import time
import warnings

import numpy as np
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold, cross_val_score, train_test_split
from sklearn.neighbors import KNeighborsClassifier, NearestCentroid

BINS = 15
INVERSE_STRENGTHS = (0.1, 1.0, 10.0, 100.0)
RIDGES = (0.01, 0.1, 1.0, 10.0, 100.0)
# From this size on, a fifth of the samples held out once takes the place of cross-validation.
LARGE = 3000
CHOSEN = 'chosen'


def scores(expected, predicted, probabilities, classes):
    result = {
        'accuracy': float((expected == predicted).mean()),
        'macroF1': float(f1_score(expected, predicted, labels=np.unique(expected), average='macro', zero_division=0)),
    }
    if probabilities is not None:
        confidence = probabilities.max(axis=1)
        hit = (classes[probabilities.argmax(axis=1)] == expected).astype(float)
        bins = np.clip(np.ceil(confidence * BINS) - 1, 0, BINS - 1).astype(int)
        gaps = np.bincount(bins, weights=hit - confidence, minlength=BINS)
        result['ece'] = float(np.abs(gaps).sum() / len(expected))
    return {name: round(value, 4) for name, value in result.items()}


def validated(candidates, x, y):
    """Returns the accuracy of each candidate in cross-validation; None where a class of a small set has a single sample."""
    rarest = np.bincount(y)[np.unique(y)].min()
    if len(y) > LARGE:
        indices = train_test_split(
            np.arange(len(y)), test_size=0.2, random_state=1, stratify=y if rarest > 1 else None)
        return [one.fit(x[indices[0]], y[indices[0]]).score(x[indices[1]], y[indices[1]]) for one in candidates]
    if rarest < 2:
        return None
    folds = StratifiedKFold(min(3, rarest), shuffle=True, random_state=1)
    return [cross_val_score(one, x, y, cv=folds).mean() for one in candidates]


def peers(x, y, xt, yt):
    """Returns the scores of each peer by name, and of the one with the best cross-validation.

    Features are divided by the root of their mean square length. Strengths of regularisation are chosen by
    cross-validation; the middle one is taken where that is impossible.
    """
    length = np.sqrt((x.astype(float) ** 2).sum(axis=1).mean())
    x, xt = x / length, xt / length
    families = {
        'logistic': [LogisticRegression(C=c, max_iter=300) for c in INVERSE_STRENGTHS],
        'lda': [LinearDiscriminantAnalysis(solver='lsqr', shrinkage='auto')],
        'ridge': [RidgeClassifier(alpha=a) for a in RIDGES],
        'nearestMean': [NearestCentroid()],
        'neighbours': [KNeighborsClassifier(min(5, max(1, len(y) // 2)))],
    }
    if len(np.unique(y)) == 1:
        only = scores(yt, np.full(len(yt), y[0]), np.ones((len(yt), 1)), y[:1])
        return {name: dict(only, seconds=0.0) for name in [*families, CHOSEN]}
    result = {}
    validation = {}
    for name, family in families.items():
        start = time.time()
        figures = validated(family, x, y)
        best = len(family) // 2 if figures is None else int(np.argmax(figures))
        validation[name] = -1.0 if figures is None else figures[best]
        model = family[best].fit(x, y)
        probabilities = model.predict_proba(xt) if hasattr(model, 'predict_proba') else None
        result[name] = scores(yt, model.predict(xt), probabilities, model.classes_)
        result[name]['seconds'] = round(time.time() - start, 3)
    # The first family, logistic regression, where nothing can be validated.
    result[CHOSEN] = result[max(validation, key=validation.get)]
    return result


def naive(x, y, xt, yt, classes):
    """Fine-tunes a softmax layer by Adam on one batch of 16 after another, without replay (Kingma and Ba 2015)."""
    w = np.zeros((x.shape[1] + 1, classes))
    first, second = np.zeros_like(w), np.zeros_like(w)
    x, xt = (np.hstack([one, np.ones((len(one), 1))]) for one in (x, xt))
    for step, at in enumerate(range(0, len(y), 16), 1):
        batch, labels = x[at:at + 16], y[at:at + 16]
        logits = batch @ w
        p = np.exp(logits - logits.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(len(labels)), labels] -= 1
        gradient = batch.T @ p / len(labels)
        first = 0.9 * first + 0.1 * gradient
        second = 0.999 * second + 0.001 * gradient ** 2
        w -= 0.003 * (first / (1 - 0.9 ** step)) / (np.sqrt(second / (1 - 0.999 ** step)) + 1e-8)
    return {'naive': scores(yt, (xt @ w).argmax(axis=1), None, None)}


def digest(name, cache={}):
    """Returns the beginning of the digest of a file."""
    if name not in cache:
        with open(name, 'rb') as file:
            cache[name] = hashlib.sha256(file.read()).hexdigest()[:12]
    return cache[name]


def load(folder, cache={}):
    if folder not in cache:
        names = ('train', 'train-labels', 'test', 'test-labels')
        cache[folder] = [np.load(os.path.join(folder, name + '.npy')) for name in names]
        with open(os.path.join(folder, 'set.json')) as file:
            cache[folder].append(len(json.load(file)['classes']))
    return cache[folder]


def main(features, runs_file, cache_file, result_file):
    warnings.filterwarnings('ignore')
    with open(runs_file) as file:
        runs = json.load(file)
    known = {}
    if os.path.exists(cache_file):
        with open(cache_file) as file:
            known = json.load(file)
    version = digest(__file__)
    reached = {}
    for number, (job, one) in enumerate(runs['jobs'].items(), 1):
        # What the peers reach depends on the features and on this script, too.
        key = version + digest(os.path.join(features, one['set'], 'train.npy')) + job
        if key not in known:
            train, _, test, expected, classes = load(os.path.join(features, one['set']))
            x, y = train[one['samples']], np.array(one['labels'])
            if one.get('rotated'):
                expected = (expected + 1) % classes
            known[key] = naive(x, y, test, expected, classes) if one['kind'] == 'naive' else peers(x, y, test, expected)
            with open(cache_file + '.partial', 'w') as file:
                json.dump(known, file)
            os.replace(cache_file + '.partial', cache_file)
        reached[job] = known[key]
        print('bench: peers %d of %d: %s' % (number, len(runs['jobs']), one['set']), file=sys.stderr)
    for row in runs['rows']:
        for name in ('peers', 'peersOfAll', 'naive'):
            if name in row:
                row[name] = reached[row[name]]
    del runs['jobs']
    with open(result_file, 'w') as file:
        rows = ',\n'.join(json.dumps(row) for row in runs.pop('rows'))
        file.write(json.dumps(runs)[:-1] + ', "rows": [\n' + rows + '\n]}\n')
    print('bench: ' + result_file, file=sys.stderr)


if __name__ == '__main__':
    main(*sys.argv[1:])
