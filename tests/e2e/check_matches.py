"""Checks the shape of a matches.csv and that everything in it is possible; prints each fault.

usage: check_matches.py MATCHES_CSV TOP INDIVIDUAL...
"""

import collections
import csv
import sys

COLUMNS = ("photo,fin,left_px,top_px,width_px,height_px,confidence,rank,individual,probability,"
           "similarity,p_new,decision,edge,edge-network,warping,marks").split(",")


def check_fin(where, rows, top, individuals):
    """Faults of the candidates of one fin."""
    ranks = [int(row["rank"]) for row in rows]
    names = [row["individual"] for row in rows]
    probabilities = [float(row["probability"]) for row in rows]
    p_new = {float(row["p_new"]) for row in rows}
    boxes = {tuple(row[name] for name in COLUMNS[2:7]) for row in rows}
    if ranks != list(range(1, len(rows) + 1)) or len(rows) != min(top, len(individuals)):
        yield f"{where}: ranks are {ranks}"
    if len(set(names)) != len(names) or not set(names) <= individuals:
        yield f"{where}: individuals are {names}"
    if probabilities != sorted(probabilities, reverse=True) or min(probabilities) < 0:
        yield f"{where}: probabilities are {probabilities}"
    if len(p_new) != 1 or not 0 <= min(p_new) <= 1 or sum(probabilities) + min(p_new) > 1.001:
        yield f"{where}: probabilities {probabilities} and p_new {p_new}"
    if len(boxes) != 1:
        yield f"{where}: boxes are {boxes}"
    left, upper, width, height, confidence = map(float, next(iter(boxes)))
    if left < 0 or upper < 0 or width <= 0 or height <= 0 or not 0 <= confidence <= 1:
        yield f"{where}: the box is {boxes}"
    for row in rows:
        if not -1.001 <= float(row["similarity"]) <= 1.001 or not row["decision"]:
            yield f"{where}: similarity {row['similarity']}, decision \"{row['decision']}\""


def main():
    path, top, individuals = sys.argv[1], int(sys.argv[2]), set(sys.argv[3:])
    with open(path, newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
    faults = []
    if reader.fieldnames != COLUMNS:
        faults.append(f"columns are {reader.fieldnames}")
    else:
        fins = collections.defaultdict(list)
        for row in rows:
            if row["fin"]:
                fins[row["photo"], row["fin"]].append(row)
        if not fins:
            faults.append("no fin in the whole table")
        for key, candidates in fins.items():
            faults.extend(check_fin(" fin ".join(key), candidates, top, individuals))
    for fault in faults:
        print(fault)
    sys.exit(1 if faults else 0)


main()
