#!/usr/bin/python3
"""Times FinView's features beside the same steps in Python with OpenCV, on the same pictures, one after the other.

  compare.py BENCHMARK DATA [ROUNDS]

BENCHMARK: the program outline_benchmark (cmake -DFINVIEW_BENCHMARKS=ON). DATA: the folder of the shared data; its
reference/feature_extract/in0..in5.png (fins with alpha) are the pictures of the first part, its sharks/*.jpg those
of the second. Both programs decode beforehand, use one thread at 256 px, and count their fastest of ROUNDS (default
30) rounds. Python is timed twice: with the three filters whose results the first FinView threw away, as its
function was, and without them. Packages: python3-opencv, python3-numpy.

The second part times the way of a crop through the networks (mask, contour, edge, notches) on 1 and 2 threads.
"""

import glob
import os
import subprocess
import sys
import time

import cv2
import numpy as np

SIZE = 256
HARMONICS = 5


def resize_and_pad(picture, size):
    height, width = picture.shape[:2]
    interpolation = cv2.INTER_AREA if height > size or width > size else cv2.INTER_CUBIC
    aspect = width / height
    if aspect > 1:
        new_width, new_height = size, int(np.round(size / aspect))
        pads = (size - new_height, 0, 0, 0)
    elif aspect < 1:
        new_width, new_height = int(np.round(size * aspect)), size
        rest = (size - new_width) / 2
        pads = (0, 0, int(np.floor(rest)), int(np.ceil(rest)))
    else:
        new_width, new_height, pads = size, size, (0, 0, 0, 0)
    resized = cv2.resize(picture, (new_width, new_height), interpolation=interpolation)
    return cv2.copyMakeBorder(resized, *pads, cv2.BORDER_CONSTANT, value=(255, 255, 255, 0))


def contour_of(mask):
    edges = cv2.Canny(mask, 60, 240)
    kernel = np.ones((7, 7), np.uint8)
    edges = cv2.erode(cv2.dilate(edges, kernel), kernel)
    contours, _ = cv2.findContours(edges, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return max(contours, key=cv2.contourArea) if contours else None


def fourier(contour, size):
    """Picture and numbers: the spectrum, its inverse drawn point by point, the middle ten coefficients."""
    points = contour[:, 0, :]
    spectrum = np.fft.fft(points[:, 0] + 1j * points[:, 1])
    back = np.fft.ifft(spectrum)
    drawn = np.stack([back.real, back.imag], axis=1)
    if drawn.min() < 0:
        drawn -= drawn.min()
    drawn *= size / drawn.max()
    drawn = drawn.astype(np.int32)
    picture = np.zeros((size, size), np.uint8)
    for i in range(len(drawn)):
        at = (int(drawn[i, 0]), int(drawn[i, 1]))
        cv2.line(picture, at, at, 255, thickness=4)
    shifted = np.fft.fftshift(spectrum)
    center = int(round(len(shifted) / 2))
    return picture, np.fft.ifftshift(shifted[center - HARMONICS:center + HARMONICS])


def discarded_filters(gray):
    table = np.interp(np.arange(256), (40, 80, 200), (0, 80, 200)).astype(np.uint8)
    cv2.LUT(gray, table)
    cv2.bilateralFilter(gray, 3, 50, 50)
    cv2.blur(gray, (18, 18))


def feature_extract(picture, size, with_discarded):
    square = resize_and_pad(picture, size)
    blue, green, red, alpha = cv2.split(square)
    inverse = cv2.bitwise_not(alpha)
    _, white = cv2.threshold(inverse, 170, 255, cv2.THRESH_BINARY)
    cleaned = cv2.merge([cv2.add(channel, white) for channel in (blue, green, red)])
    _, mask = cv2.threshold(inverse, 20, 255, cv2.THRESH_BINARY_INV)
    kernel = np.ones((3, 3), np.uint8)
    mask = cv2.dilate(cv2.erode(mask, kernel, iterations=2), kernel, iterations=2)
    gray = cv2.cvtColor(cleaned, cv2.COLOR_BGR2GRAY)
    if with_discarded:
        discarded_filters(gray)
    enhanced = cv2.createCLAHE(1.5, (8, 8)).apply(gray)
    contour = contour_of(mask)
    outline = np.zeros_like(mask)
    cv2.drawContours(enhanced, [contour], -1, 0, 1)
    cv2.drawContours(outline, [contour], -1, 255, 1)
    picture, descriptor = fourier(contour, size)
    return cleaned, enhanced, mask, outline, picture, descriptor


def python_ms(pictures, rounds, with_discarded):
    best = float("inf")
    for _ in range(rounds):
        start, num_mask_px = time.perf_counter(), 0
        for picture in pictures:
            num_mask_px += cv2.countNonZero(feature_extract(picture, SIZE, with_discarded)[2])
        best = min(best, time.perf_counter() - start)
    return 1e3 * best / len(pictures), num_mask_px


def ours(program, *arguments):
    done = subprocess.run([program, *map(str, arguments)], stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.split("\n")


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    program, data = sys.argv[1:3]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 30
    cv2.setNumThreads(1)
    files = [os.path.join(data, "reference", "feature_extract", f"in{i}.png") for i in range(6)]
    pictures = [cv2.imread(file, cv2.IMREAD_UNCHANGED) for file in files]
    lines = ours(program, "seed", SIZE, rounds, *files)
    ms, num_mask_px = float(lines[0].split()[0]), int(lines[1].split()[0])
    for name, with_discarded in (("as it was", True), ("without what it threw away", False)):
        theirs, theirs_px = python_ms(pictures, rounds, with_discarded)
        if theirs_px != num_mask_px:
            sys.exit(f"The masks differ: {num_mask_px} and {theirs_px} pixels.")
        print(f"feature_extract {SIZE} px: finview {ms:.2f} ms, Python and OpenCV {name} {theirs:.2f} ms = "
              f"{theirs / ms:.1f} x (load {os.getloadavg()[0]:.1f})", flush=True)
    model = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "models", "fin-outline.fvm")
    crops = sorted(glob.glob(os.path.join(data, "sharks", "*.jpg")))
    for threads in (1, 2):
        print(f"{len(crops)} crops through the networks, {threads} threads: "
              f"{ours(program, 'route', model, threads, *crops)[0]} (load {os.getloadavg()[0]:.1f})", flush=True)


if __name__ == "__main__":
    main()
