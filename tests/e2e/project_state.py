#!/usr/bin/env python3
"""Prints what a project's catalogue holds and what is wrong with its files, free of row numbers and times.

usage: project_state.py PROJECT

Two projects that were given the same photos and decisions print the same.
"""
import hashlib
import pathlib
import sqlite3
import sys


def rows(database, query):
    return [tuple("" if value is None else value for value in row) for row in database.execute(query)]


def main():
    project = pathlib.Path(sys.argv[1])
    database = sqlite3.connect(f"file:{project / 'catalogue.db'}?mode=ro", uri=True)
    photos = rows(database, "SELECT sha256, name, taken, state FROM photo")
    lines = [f"photo {photo}" for photo in photos]
    lines += [
        f"fin {fin}"
        for fin in rows(
            database,
            """SELECT photo.sha256, round(fin.left_px, 1), round(fin.top_px, 1), round(fin.right_px, 1),
                      fin.review, fin.tier, round(fin.p_new, 3), individual.code, length(fin.outline),
                      (SELECT count(*) FROM feature WHERE feature.fin_id = fin.id)
               FROM fin JOIN photo ON photo.id = fin.photo_id
               LEFT JOIN individual ON individual.id = fin.individual_id""",
        )
    ]
    lines += [
        f"candidate {candidate}"
        for candidate in rows(
            database,
            """SELECT photo.sha256, individual.code, round(candidate.probability, 3)
               FROM candidate JOIN fin ON fin.id = candidate.fin_id JOIN photo ON photo.id = fin.photo_id
               JOIN individual ON individual.id = candidate.individual_id""",
        )
    ]
    lines += [
        f"decision {decision}"
        for decision in rows(database, "SELECT kind, why FROM decision")
    ]
    print("\n".join(sorted(lines)))

    known = {photo[0] for photo in photos}
    for path in sorted((project / "files").rglob("*")):
        if path.is_dir():
            continue
        if path.name not in known:
            print(f"orphan file {path.relative_to(project)}")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != path.name:
            print(f"changed file {path.relative_to(project)}")
        known.discard(path.name)
    for sha256 in sorted(known):
        print(f"missing file {sha256}")


main()
