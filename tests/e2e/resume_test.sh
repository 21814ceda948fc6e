#!/usr/bin/env bash
# Ctrl-C leaves what is finished; running again gives what one run would have given.
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
set -m # every background job is a process group that hears Ctrl-C

run_finview synth --out survey --individuals 4 --photos 16 --unknown-share 0.2 --seed 5
expect_status 0

# Starts identify in the folder, with a cache of its own, and interrupts it after so many seconds.
# Leaves the exit status in $status.
identify_for() {
  local folder=$1 seconds=$2 pid timer
  mkdir -p "$folder"
  XDG_CACHE_HOME=$work/$folder/cache "$finview" identify survey/photos \
    --catalogue survey/catalogue --recursive --out "$folder/matches.csv" --crops "$folder/crops" \
    >output 2>&1 &
  pid=$!
  (sleep "$seconds" && kill -INT "$pid" 2>/dev/null) &
  timer=$!
  status=0
  wait "$pid" || status=$?
  kill -- -"$timer" 2>/dev/null || true
  wait "$timer" 2>/dev/null || true
}

test_case "the run to compare with"
start=$(date +%s%N)
identify_for whole 600
whole_ms=$((($(date +%s%N) - start) / 1000000))
expect_status 0

test_case "Ctrl-C ends the run soon and leaves no half-written table"
for percent in 70 50 30; do
  rm -rf parts
  identify_for parts "$(awk -v ms="$whole_ms" -v p="$percent" 'BEGIN { print ms * p / 1e5 }')"
  if [[ $status != 0 ]]; then break; fi
done
expect_status 130
if [[ -f parts/matches.csv ]]; then
  unknown=$(grep -vxFf whole/matches.csv parts/matches.csv || true)
  expect_equal "$unknown" "" "rows that the whole run does not have"
fi

test_case "running again resumes and gives the same table and crops"
identify_for parts 600
expect_status 0
expect_same_files whole/matches.csv parts/matches.csv
diff -r whole/crops parts/crops >/dev/null || fault "the crops differ"

finish
