#!/usr/bin/env python3
"""Predicts with the model in this folder, without Headwater.

    python predict.py "a text"                     text
    python predict.py "first text" "second text"   pairs of texts; a question and its context
    python predict.py photo.jpg                    images
    python predict.py sound.wav                    sounds
    python predict.py "0.1 2 -3.5"                 numbers

It needs numpy and onnxruntime; for texts also tokenizers, for images pillow, for sounds soundfile and scipy.
The functions prepare an input as preprocessing.json describes it, and can be copied into other programs.
"""
import json
import math
import pathlib
import sys

import numpy as np
import onnxruntime

HERE = pathlib.Path(__file__).resolve().parent
SETTINGS = json.loads((HERE / "preprocessing.json").read_text(encoding="utf-8"))
NAMES = json.loads((HERE / "labels.json").read_text(encoding="utf-8"))
TASK = SETTINGS["task"]
INPUT = SETTINGS["input"]
MEL = INPUT.get("log-mel", {})
LONGEST_ANSWER = 30  # tokens
TYPES = {
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
    "tensor(float16)": np.float16,
    "tensor(float)": np.float32,
    "tensor(double)": np.float64,
    "tensor(bool)": np.bool_,
}


def session(file="model.onnx"):
    return onnxruntime.InferenceSession(str(HERE / file), providers=["CPUExecutionProvider"])


def feed(model, values):
    """Gives the arrays the element types that the model reads, and leaves out what it does not read."""
    types = {each.name: TYPES[each.type] for each in model.get_inputs()}
    return {name: np.asarray(array).astype(types[name]) for name, array in values.items() if name in types}


def zeros(model, names):
    """Zeros for inputs that carry state, for one row; of a past, the axis of the tokens is empty."""
    shapes = {each.name: each.shape for each in model.get_inputs()}
    rows = shapes[INPUT.get("ids") or INPUT["name"]][0]
    free = 0 if INPUT["type"] == "text" else 1
    result = {}
    for name in names:
        if name not in shapes:
            continue
        shape = shapes[name]
        unknown = [axis for axis, size in enumerate(shape) if not isinstance(size, int)]
        # The batch need not be the first axis: a past may be [2, batch, heads, tokens, width].
        batch = shape.index(rows) if isinstance(rows, str) and rows in shape else (unknown or [0])[0]
        result[name] = np.zeros([
            1 if axis == batch else free if axis in unknown else size for axis, size in enumerate(shape)
        ])
    return result


# Text


def tokens(first, second=None):
    """Tokens of a text or a pair; the longer text of a pair is truncated first, or of a question its context."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(HERE / "tokenizer.json"))
    tokenizer.no_padding()
    strategy = "only_second" if TASK == "question-answering" else "longest_first"
    tokenizer.enable_truncation(INPUT["max-tokens"], strategy=strategy)
    return tokenizer.encode(first, second) if second is not None else tokenizer.encode(first)


def text_inputs(model, encoded):
    length = len(encoded.ids)
    values = {
        INPUT["ids"]: [encoded.ids],
        INPUT["mask"]: [[1] * length],
        INPUT["types"]: [encoded.type_ids],
        INPUT["positions"]: [list(range(length))],
    }
    return feed(model, {**values, **zeros(model, INPUT["past"])})


# Images


def image_inputs(model, file):
    from PIL import Image, ImageOps

    image = ImageOps.exif_transpose(Image.open(file)).convert("RGBA")
    pixels = np.asarray(image).astype(np.float32)
    alpha = pixels[:, :, 3:] / 255
    pixels = pixels[:, :, :3] * alpha + 255 * (1 - alpha)
    width, height = INPUT["width"], INPUT["height"]
    across = max(1, pixels.shape[1] // (2 * width))
    down = max(1, pixels.shape[0] // (2 * height))
    pixels = pixels[::down, ::across]
    planes = [
        np.asarray(Image.fromarray(np.ascontiguousarray(pixels[:, :, c])).resize((width, height), Image.BILINEAR))
        for c in range(3)
    ]
    if INPUT["channels"] == "grey":
        planes = [0.299 * planes[0] + 0.587 * planes[1] + 0.114 * planes[2]]
    elif INPUT["channels"] == "bgr":
        planes = planes[::-1]
    planes = [(plane - mean) * scale for plane, mean, scale in zip(planes, INPUT["mean"], INPUT["scale"])]
    tensor = np.stack(planes, axis=0 if INPUT["layout"] == "nchw" else 2)
    return feed(model, {INPUT["name"]: tensor[None]})


# Numbers


def number_inputs(model, text):
    values = np.array([float(number) for number in text.replace(",", " ").split()], np.float32)
    return feed(model, {INPUT["name"]: values.reshape([1] + INPUT["shape"]), **zeros(model, INPUT["zeros"])})


# Sound


def samples(file):
    """One channel at the sample rate of the model, in its amplitude."""
    import soundfile
    from scipy.signal import resample_poly

    sound, rate = soundfile.read(file, dtype="float64", always_2d=True)
    sound = sound.mean(axis=1)
    target = INPUT["sample-rate"]
    if rate != target:
        divisor = math.gcd(rate, target)
        sound = resample_poly(sound, target // divisor, rate // divisor)
    sound = sound[: round(INPUT["max-seconds"] * target)].astype(np.float32)
    return sound * (32768 if INPUT["amplitude"] == "int16" else 1)


def mel_bank():
    """Triangles that are linear in hertz, one row each."""

    def mel(hertz):
        if MEL["scale"] == "htk":
            return 2595 * math.log10(1 + hertz / 700)
        return hertz * 3 / 200 if hertz < 1000 else 15 + math.log(hertz / 1000) * 27 / math.log(6.4)

    def hertz(mel):
        if MEL["scale"] == "htk":
            return 700 * (10 ** (mel / 2595) - 1)
        return mel * 200 / 3 if mel < 15 else 1000 * math.exp((mel - 15) * math.log(6.4) / 27)

    low, high, bins = mel(MEL["low"]), mel(MEL["high"]), INPUT["bins"]
    corners = [hertz(low + (high - low) * i / (bins + 1)) for i in range(bins + 2)]
    points = np.arange(MEL["fft-size"] // 2 + 1) * INPUT["sample-rate"] / MEL["fft-size"]
    rows = []
    for left, centre, right in zip(corners, corners[1:], corners[2:]):
        height = 2 / (right - left) if MEL["norm"] == "slaney" else 1
        rows.append(height * np.maximum(0, np.minimum((points - left) / (centre - left), (right - points) / (right - centre))))
    return np.array(rows)


def log_mel(sound):
    size, hop, fft = MEL["frame-size"], MEL["hop"], MEL["fft-size"]
    cosine = np.cos(2 * np.pi * np.arange(size) / size)
    taper = {"hann": 0.5 - 0.5 * cosine, "hamming": 0.54 - 0.46 * cosine, "rectangular": np.ones(size)}[MEL["taper"]]
    frames = np.stack([sound[i : i + size] * taper for i in range(0, len(sound) - size + 1, hop)])
    energies = np.abs(np.fft.rfft(frames, fft))
    if MEL["measure"] == "power":
        energies = energies**2
    return np.log(energies @ mel_bank().T + MEL["floor"]) * INPUT["factor"] + INPUT["offset"]


def stage_frames(front_end, sound):
    name = INPUT["stage"]["input"]
    values = front_end.run([INPUT["stage"]["output"]], feed(front_end, {name: sound[None]}))[0]
    return values.reshape(-1, INPUT["bins"]) * INPUT["factor"] + INPUT["offset"]


def frames_of(sound, front_end):
    if INPUT["reads"] == "waveform":
        return sound[:, None]
    return log_mel(sound) if INPUT["reads"] == "log-mel" else stage_frames(front_end, sound)


def least_samples(frames, front_end):
    """The smallest number of samples that gives this many frames."""
    if INPUT["reads"] == "waveform":
        return frames
    if INPUT["reads"] == "log-mel":
        return MEL["frame-size"] + (frames - 1) * MEL["hop"]
    few, enough = 0, round(INPUT["max-seconds"] * INPUT["sample-rate"])
    while enough - few > 1:
        middle = (few + enough) // 2
        try:
            is_enough = len(stage_frames(front_end, np.full(middle, 0.5, np.float32))) >= frames
        except Exception:  # too short for the front end
            is_enough = False
        few, enough = (few, middle) if is_enough else (middle, enough)
    return enough


def padded(sound, length, before):
    if INPUT["padding"] == "repeat" and TASK != "automatic-speech-recognition":
        return np.resize(sound, length)
    result = np.zeros(length, np.float32)
    result[before : before + len(sound)] = sound
    return result


def sound_windows(file, front_end, margin=0):
    """The windows of a sound, their first frames, and the number of frames that are not padding."""
    sound = samples(file)
    size, step = INPUT["windows"]["size"], INPUT["windows"]["step"]
    least = least_samples(size, front_end)
    length = len(sound) + margin
    frames = frames_of(padded(sound, max(least, length), margin // 2), front_end)
    starts = list(range(0, len(frames) - size + 1, step))
    if starts[-1] != len(frames) - size:
        starts.append(len(frames) - size)
    real = len(frames) if length >= least else size * length / least
    return [frames[start : start + size] for start in starts], starts, real


def window_inputs(model, window):
    axes = INPUT.get("axes", "frames-bins")
    if INPUT["reads"] == "waveform":
        tensor = window[:, 0]
    else:
        tensor = window if axes.replace("channel-", "").startswith("frames") else window.T
        if axes.startswith("channel"):
            tensor = tensor[None]
        elif axes.endswith("channel"):
            tensor = tensor[..., None]
    return feed(model, {INPUT["name"]: tensor[None]})


# What the outputs mean


def softmax(logits):
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return shifted / shifted.sum(axis=-1, keepdims=True)


def decide(logits):
    """The prediction of a task that has one row of logits for an input."""
    if TASK == "multi-label-classification":
        probabilities = 1 / (1 + np.exp(-logits))
        chosen = sorted(name for name, logit in zip(NAMES, logits) if logit > 0)
        return {"labels": chosen, "probabilities": dict(zip(NAMES, probabilities.tolist()))}
    if TASK == "regression":
        return {"values": logits.tolist(), "names": NAMES}
    best = NAMES[int(logits.argmax())]
    if TASK == "reinforcement-learning":
        return {"action": best, "values": dict(zip(NAMES, logits.tolist()))}
    return {"label": best, "probabilities": dict(zip(NAMES, softmax(logits).tolist()))}


def tags(text, encoded, logits):
    """A tag for each word between white space, read at its first token."""
    words, at = [], 0
    for word in text.split():
        at = text.index(word, at)
        words.append((word, at))
        at += len(word)
    result, row = [], 0
    for i, (word, start) in enumerate(words):
        end = words[i + 1][1] if i + 1 < len(words) else len(text)
        while row < len(encoded.ids) and (encoded.sequence_ids[row] is None or encoded.offsets[row][1] <= start):
            row += 1
        is_read = row < len(encoded.ids) and encoded.offsets[row][0] < end
        result.append((word, NAMES[int(logits[row].argmax())] if is_read else "O"))
    return {"tags": result}


def answer(context, encoded, logits):
    """The best span of the context, or no answer, whose score is that of the first token."""
    rows = [row for row, text in enumerate(encoded.sequence_ids) if text == 1]
    best = max(
        ((logits[a][0] + logits[b][1], a, b) for a in rows for b in rows if a <= b < a + LONGEST_ANSWER),
        key=lambda span: span[0],
    )
    score = float(best[0])
    none = float(logits[0].sum())
    text = context[encoded.offsets[best[1]][0] : encoded.offsets[best[2]][1]]
    return {"answer": "" if none > score else text, "score": score - none}


def transcript(model, file, front_end):
    """Greedy decoding: the best symbol of each frame, without repetitions and blanks, which are output 0."""
    size, step = INPUT["windows"]["size"], INPUT["windows"]["step"]
    probe, _, _ = sound_windows(file, front_end)
    count = logits_of(model, window_inputs(model, probe[0])).shape[0]
    margin = least_samples(size, front_end) - least_samples(min(step, size), front_end) if count == 1 else 0
    windows, starts, real = sound_windows(file, front_end, margin)
    rows = []
    for i, window in enumerate(windows):
        first = 0 if i == 0 else (starts[i - 1] + size + starts[i]) / 2
        last = real if i == len(starts) - 1 else (starts[i] + size + starts[i + 1]) / 2
        for k, row in enumerate(logits_of(model, window_inputs(model, window))):
            centre = starts[i] + (k + 0.5) * size / count
            if first <= centre < last or not rows:
                rows.append(row)
    symbols, before = [], 0
    for best in np.argmax(rows, axis=-1):
        if best != 0 and best != before:
            symbols.append(NAMES[best])
        before = best
    return {"transcript": " ".join("".join(symbols).split())}


def logits_of(model, inputs):
    return model.run(["logits"], inputs)[0][0].astype(np.float64)


def predict(*given):
    model = session()
    kind = INPUT["type"]
    if kind == "text":
        encoded = tokens(*given)
        logits = logits_of(model, text_inputs(model, encoded))
        if TASK == "token-classification":
            return tags(given[0], encoded, logits)
        return answer(given[1], encoded, logits) if TASK == "question-answering" else decide(logits)
    if kind == "audio":
        front_end = session("front-end.onnx") if INPUT["reads"] == "stage" else None
        if TASK == "automatic-speech-recognition":
            return transcript(model, given[0], front_end)
        # The mean of the logits of all windows is what Headwater predicts with windows.pooling mean and a linear head.
        windows, _, _ = sound_windows(given[0], front_end)
        return decide(np.mean([logits_of(model, window_inputs(model, window)) for window in windows], axis=0))
    inputs = image_inputs(model, given[0]) if kind == "image" else number_inputs(model, given[0])
    return decide(logits_of(model, inputs))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    print(json.dumps(predict(*sys.argv[1:]), ensure_ascii=False, default=float))
