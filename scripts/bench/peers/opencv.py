"""The way an OpenCV program is usually put together: VideoCapture, letterbox, cv2.dnn, NMSBoxes.

usage: opencv.py --clip FILE --model ONNX --fps N --seconds N
"""
import argparse
import json
import resource
import sys
import time

try:
    import cv2
    import numpy as np
except ImportError as error:
    sys.exit(f"{error}: install Debian's python3-opencv")

MIN_SCORE, MAX_IOU, STRIDES = 0.3, 0.5, (8, 16, 32)


def cpu_ms():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return 1000 * sum(u.ru_utime + u.ru_stime for u in used)


def input_size(path):
    """Width and height that the graph takes; cv2.dnn does not tell, so they are read off the file (ONNX protobuf)."""

    def fields(data):
        at = 0

        def varint():
            nonlocal at
            value = shift = 0
            while True:
                byte = data[at]
                at += 1
                value |= (byte & 127) << shift
                shift += 7
                if byte < 128:
                    return value

        while at < len(data):
            key = varint()
            if key & 7 == 0:
                yield key >> 3, varint()
                continue
            size = {1: 8, 5: 4}.get(key & 7) or varint()
            yield key >> 3, data[at : at + size]
            at += size

    def inside(data, *numbers):
        for number in numbers:
            data = next(value for key, value in fields(data) if key == number)
        return data

    # ModelProto.graph.input[0].type.tensor_type.shape, of whose dimensions the last two are wanted
    shape = inside(memoryview(open(path, "rb").read()), 7, 11, 2, 1, 2)
    height, width = [inside(dim, 1) for key, dim in fields(shape) if key == 1][2:]
    return width, height


def letterbox(picture, width, height):
    scale = min(width / picture.shape[1], height / picture.shape[0])
    small = cv2.resize(picture, (round(picture.shape[1] * scale), round(picture.shape[0] * scale)))
    framed = np.full((height, width, 3), 114, np.uint8)
    framed[: small.shape[0], : small.shape[1]] = small
    return framed


def grid_of(width, height):
    """Cell and stride of every row of a YOLOX output."""
    cells = []
    for stride in STRIDES:
        xs, ys = np.meshgrid(np.arange(width // stride), np.arange(height // stride))
        cells.append(np.stack([xs.ravel(), ys.ravel(), np.full(xs.size, stride)], axis=1))
    return np.concatenate(cells).astype(np.float32)


def detections_in(outputs, grid):
    first = outputs[0]
    if first.ndim != 3 or first.shape[2] < 6:
        return int((first > MIN_SCORE).sum())
    rows = first[0]
    scores = rows[:, 4] * rows[:, 5:].max(axis=1)
    seen = scores >= MIN_SCORE
    stride = grid[seen, 2:3]
    centres = (rows[seen, :2] + grid[seen, :2]) * stride
    sizes = np.exp(rows[seen, 2:4]) * stride
    boxes = np.concatenate([centres - sizes / 2, sizes], axis=1)
    return len(cv2.dnn.NMSBoxes(boxes.tolist(), scores[seen].tolist(), MIN_SCORE, MAX_IOU))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--clip", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--fps", type=float, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    options = parser.parse_args()

    cv2.setNumThreads(1)
    width, height = input_size(options.model)
    grid = grid_of(width, height)
    try:
        net = cv2.dnn.readNetFromONNX(options.model)
        names = net.getUnconnectedOutLayersNames()
        net.setInput(cv2.dnn.blobFromImage(np.zeros((height, width, 3), np.uint8)))
        net.forward(names)
    except cv2.error as error:
        sys.exit(f"OpenCV {cv2.__version__} cannot run {options.model}: {' '.join(str(error).split())[:120]}")

    # Loading the model is no part of what a frame costs, at either side.
    cpu_before, wall_before = cpu_ms(), time.monotonic()
    capture = cv2.VideoCapture(options.clip)
    clip_fps = capture.get(cv2.CAP_PROP_FPS)
    read = frames = found = 0
    while read < options.seconds * clip_fps and capture.grab():
        # Of the frames in between only the decoding is paid for.
        if int(read * options.fps / clip_fps) != int((read - 1) * options.fps / clip_fps) or read == 0:
            _, picture = capture.retrieve()
            net.setInput(cv2.dnn.blobFromImage(letterbox(picture, width, height)))
            found += detections_in(net.forward(names), grid)
            frames += 1
        read += 1
    print(json.dumps({"frames": frames, "cpuMs": cpu_ms() - cpu_before, "wallMs": 1000 * (time.monotonic() - wall_before), "found": found}))


main()
