# shellcheck shell=bash
# Helpers of the end-to-end tests. A test script starts with: source lib.sh, given the program.
set -euo pipefail

finview=$(readlink -f "${1:?usage: $0 PATH_OF_FINVIEW}")
# shellcheck disable=SC2034  # used by the test scripts
e2e=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_CACHE_HOME=$work/cache
cd "$work"

num_faults=0
current_case=

# Everything until the next `test_case` belongs to this claim.
test_case() {
  current_case=$1
  echo "- $current_case"
}

# Notes a fault; the test goes on, so that one run shows every fault.
fault() {
  num_faults=$((num_faults + 1))
  printf '  FAULT in "%s": %s\n' "$current_case" "$*"
}

# Runs the program. Leaves its exit status in $status, everything it printed in $work/output.
run_finview() {
  status=0
  timeout 600 "$finview" "$@" >"$work/output" 2>&1 || status=$?
}

# Compares $status of the last run with the statuses allowed.
expect_status() {
  local allowed
  for allowed in "$@"; do
    if [[ $status == "$allowed" ]]; then return; fi
  done
  fault "exit status is $status, expected $*. The program said:"
  tail -n 15 "$work/output" | sed 's/^/    /'
}

# The last run printed a line that fits the extended regular expression.
expect_output() {
  grep -qiE -- "$1" "$work/output" || {
    fault "no printed line fits: $1. The program said:"
    tail -n 15 "$work/output" | sed 's/^/    /'
  }
}

expect_file() { [[ -s $1 ]] || fault "$1 is missing or empty"; }
expect_no_file() { [[ ! -e $1 ]] || fault "$1 must not exist"; }

expect_equal() {
  [[ $1 == "$2" ]] || fault "${3:-values differ}: got \"$1\", expected \"$2\""
}

expect_same_files() {
  cmp -s "$1" "$2" || {
    fault "$1 and $2 differ"
    diff "$1" "$2" | head -n 6 | sed 's/^/    /' || true
  }
}

# The folder's table of results says of this photo, in one row, why there is no answer.
expect_reason() {
  local folder=$1 photo=$2 reason=$3 rows
  rows=$(cat "$folder"/*.csv | grep -F -- "$photo" || true)
  if [[ -z $rows ]]; then
    fault "$photo is not in the result"
  elif [[ $(wc -l <<<"$rows") != 1 ]]; then
    fault "$photo has several rows in the result: $rows"
  elif ! grep -qiE -- "$reason" <<<"$rows"; then
    fault "the reason for $photo does not fit \"$reason\": $rows"
  fi
}

# Content, names and times of everything below the folders.
fingerprint() {
  find "$@" -printf '%p %y %s %T@\n' | sort
  find "$@" -type f -print0 | sort -z | xargs -0r sha256sum
}

# Ends the test script.
finish() {
  echo "$num_faults faults"
  ((num_faults == 0))
}
