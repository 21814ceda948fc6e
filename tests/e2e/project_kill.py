#!/usr/bin/env python3
"""Kills import and identification of a rendered survey at random moments and runs them again.

usage: project_kill.py FINVIEW ROUNDS [SEED]

After every round the project must hold what an undisturbed one holds (project_state.py) and
`finview project check` must find nothing. Ends with status 1 at the first difference.
"""
import pathlib
import random
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent


def steps(finview, survey, project):
    return [
        [finview, "project", "init", project],
        [finview, "import", f"{survey}/catalogue", "--individuals", "auto", "--who", "test", "--project", project],
        [finview, "import", f"{survey}/photos", "--project", project],
        [finview, "project", "update", "--project", project],
    ]


def run(command):
    return subprocess.run(command, capture_output=True, text=True, check=False)


def state(project):
    return run([sys.executable, HERE / "project_state.py", project]).stdout


def disturbed_run(commands, longest_s, chance):
    """Runs the commands; kills each at a random moment up to three times. Returns the kills."""
    kills = 0
    for command, usual_s in zip(commands[1:], longest_s[1:]):
        for _ in range(3):
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                process.wait(chance.uniform(0, 1.1 * usual_s))
                break
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                kills += 1
        result = run(command)
        if result.returncode != 0:
            sys.exit(f"{' '.join(map(str, command))} failed after being killed:\n{result.stderr}")
    return kills


def main():
    finview = sys.argv[1]
    num_rounds = int(sys.argv[2])
    chance = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    with tempfile.TemporaryDirectory() as folder:
        survey = f"{folder}/survey"
        made = run([finview, "synth", "--individuals", "4", "--photos", "5",
                    "--encounters", "2", "--unknown-share", "0.2", "--empty-share", "0", "--catalogue-photos", "2", "--size", "800x533",
                    "--seed", "3", "--out", survey])
        if made.returncode != 0:
            sys.exit(made.stderr)
        seconds = []
        for command in steps(finview, survey, f"{folder}/whole"):
            start = time.monotonic()
            result = run(command)
            if result.returncode != 0:
                sys.exit(result.stderr)
            seconds.append(time.monotonic() - start)
        expected = state(f"{folder}/whole")
        if "fin (" not in expected or "candidate (" not in expected or "file" in expected.split("photo (")[-1]:
            sys.exit("The undisturbed run is not as expected:\n" + expected)
        kills = 0
        for number in range(num_rounds):
            project = f"{folder}/round"
            commands = steps(finview, survey, project)
            run(commands[0])
            kills += disturbed_run(commands, seconds, chance)
            if state(project) != expected:
                pathlib.Path("expected.txt").write_text(expected)
                pathlib.Path("found.txt").write_text(state(project))
                sys.exit(f"Round {number}: the catalogue differs, see expected.txt and found.txt")
            check = run([finview, "project", "check", "--deep", "--project", project])
            if check.returncode != 0:
                sys.exit(f"Round {number}: {check.stdout}{check.stderr}")
            subprocess.run(["rm", "-rf", project], check=True)
            if (number + 1) % 10 == 0:
                print(f"{number + 1} rounds, {kills} kills", flush=True)
        print(f"{num_rounds} rounds, {kills} kills: every catalogue equals the undisturbed one.")


main()
