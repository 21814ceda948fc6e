#!/usr/bin/python3
"""Times FinView's maps, clusters and outliers beside their peers, on the same rows, one after the other.

  compare.py BENCHMARK [umap|hdbscan|lof|growth|neighbors ...]    (default: umap hdbscan lof)

BENCHMARK: the program vectors_benchmark (cmake -DFINVIEW_BENCHMARKS=ON). Peers are Debian 12's packages
umap-learn, r-cran-uwot, r-cran-dbscan and python3-sklearn; one that is missing is left out. Every program uses 2
threads; umap-learn has compiled itself before. Each is run ROUNDS times (environment, default 1) and the shortest time
counts: other work on the machine only adds. Given are the seconds on the clock and, in brackets, those of all cores
together, which tell more where other work runs.
"""

import os
import subprocess
import sys
import tempfile
import time

os.environ.setdefault("OMP_NUM_THREADS", "2")
os.environ.setdefault("NUMBA_NUM_THREADS", "2")
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
import numpy as np  # noqa: E402

ROUNDS = int(os.environ.get("ROUNDS", "1"))


def rows(n, d, clusters=186, noise=0.8):
    """Rows around the centers of as many clusters as a catalogue has individuals."""
    rng = np.random.default_rng(3)
    y = rng.integers(0, clusters, n)
    return (rng.normal(size=(clusters, d))[y] + noise * rng.normal(size=(n, d))).astype(np.float32)


def best(work):
    """(seconds on the clock, of all cores) of the fastest round; None if there is nothing to run."""
    times = []
    for _ in range(ROUNDS):
        result = work()
        if result is None:
            return None
        times.append(result)
    return tuple(min(column) for column in zip(*times))


def timed(work):
    start, cores = time.time(), time.process_time()
    work()
    return time.time() - start, time.process_time() - cores


class Ours:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder

    def run(self, task, X):
        path = os.path.join(self.folder, "rows.f32")
        X.tofile(path)
        done = subprocess.run([self.program, task, path, str(X.shape[1]), "2"],
                              stdout=subprocess.PIPE, text=True, check=True)
        return done.stdout.split("\n")

    def seconds(self, task, X):
        words = self.run(task, X)[0].split()
        return float(words[0]), float(words[2])


def r_seconds(folder, X, code):
    """Seconds that `code` takes in R with the rows in X; None without R or the package."""
    path = os.path.join(folder, "rows.f64")
    X.astype(np.float64).T.tofile(path)  # R is column-major
    script = (f'X <- matrix(readBin("{path}", "double", {X.size}), ncol={X.shape[1]});'
              f't <- system.time({code}); cat("seconds", t[["elapsed"]], t[["user.self"]] + t[["sys.self"]], "\\n")')
    try:
        done = subprocess.run(["Rscript", "-e", script], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    words = done.stdout.split("seconds")[1].split()
    return float(words[0]), float(words[1])


def report(what, ours, peers):
    line = f"{what}: finview {ours[0]:.2f} s ({ours[1]:.2f})"
    for name, theirs in peers.items():
        line += f", {name} " + (f"{theirs[0]:.2f} s ({theirs[1]:.2f}) = {theirs[0] / ours[0]:.1f} x"
                                f" ({theirs[1] / ours[1]:.1f} x)" if theirs else "not there")
    load = os.getloadavg()[0]
    print(f"{line} (load {load:.1f})", flush=True)


def compare_umap(ours, folder):
    try:
        import umap
        for n in (2000, 5000):  # compiles
            umap.UMAP().fit(rows(n, 128))
    except ImportError:
        umap = None
    for n in (2000, 10000, 50000):
        X = rows(n, 128)
        peers = {"umap-learn": umap and best(lambda: timed(lambda: umap.UMAP().fit(X))),
                 "uwot": best(lambda: r_seconds(
                     folder, X, "uwot::umap(X, min_dist=0.1, n_threads=2, n_sgd_threads=2)"))}
        report(f"UMAP {n} x 128", best(lambda: ours.seconds("umap", X)), peers)


def compare_hdbscan(ours, folder):
    for d in (2, 64):
        X = rows(20000, d, noise=0.05 if d == 2 else 0.8)
        peers = {"r-cran-dbscan": best(lambda: r_seconds(folder, X, "dbscan::hdbscan(X, minPts=15)"))}
        report(f"HDBSCAN 20000 x {d}", best(lambda: ours.seconds("hdbscan", X)), peers)


def compare_lof(ours, folder):
    del folder
    X = rows(20000, 64)
    try:
        from sklearn.neighbors import LocalOutlierFactor
        theirs = best(lambda: timed(lambda: LocalOutlierFactor(20, n_jobs=2).fit(X.astype(np.float64))))
    except ImportError:
        theirs = None
    report("LOF 20000 x 64", best(lambda: ours.seconds("lof", X)), {"scikit-learn": theirs})


def growth(ours, folder):
    del folder
    sizes = (12500, 25000, 50000, 100000, 200000)
    for task, d, noise in (("umap", 128, 0.8), ("hdbscan", 2, 0.05), ("hdbscan", 64, 0.8), ("lof", 64, 0.8)):
        used, times = [], []
        for n in sizes:
            if (task, d) in (("hdbscan", 64), ("lof", 64)) and n > 100000:
                continue
            lines = ours.run(task, rows(n, d, noise=noise))
            words = lines[0].split()
            used.append(n)
            times.append(float(words[2]))
            print(f"{task} {n} x {d}: {float(words[0]):.2f} s ({times[-1]:.2f}), {lines[1]} "
                  f"(load {os.getloadavg()[0]:.1f})", flush=True)
        exponent = np.polyfit(np.log(used), np.log(times), 1)[0]
        print(f"{task} x {d}: seconds of all cores grow with exponent {exponent:.2f}", flush=True)


def neighbors(ours, folder):
    del folder
    for n, d, noise in ((50000, 128, 0.8), (50000, 128, 3.0), (20000, 32, 3.0)):
        print(f"{n} x {d}, noise {noise}:", "; ".join(ours.run("neighbors", rows(n, d, noise=noise))), flush=True)


PARTS = {"umap": compare_umap, "hdbscan": compare_hdbscan, "lof": compare_lof, "growth": growth,
         "neighbors": neighbors}

if __name__ == "__main__":
    if len(sys.argv) < 2 or any(part not in PARTS for part in sys.argv[2:]):
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as scratch:
        for part in sys.argv[2:] or ["umap", "hdbscan", "lof"]:
            PARTS[part](Ours(sys.argv[1], scratch), scratch)
