#!/usr/bin/env bash
# A season's work in a project, by commands alone: import, find, review, undo, back up, restore.
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

state() { python3 "$e2e/project_state.py" "$1"; }

# The fin of the photos that fits the extended regular expression, as review list prints it.
fin_like() { awk -v p="$1" '$0 ~ p && $1 ~ /^[0-9]+$/ { print $1; exit }' "$work/output"; }

# The first candidate that the last review list printed for a fin.
candidate_of() { awk -v fin="$1" '$1 == fin { print $4; exit }' <(sed 's/nobody known/nobody/' "$work/output"); }

run_finview synth --out survey --individuals 4 --photos 8 --encounters 3 --unknown-share 0.125 \
  --empty-share 0 --catalogue-photos 3 --size 800x533 --seed 7
expect_status 0

test_case "a group of commands says which it has"
run_finview project --help
expect_status 0
expect_output "project backup"
run_finview project nonsense
expect_status 2
expect_output 'no command "project nonsense"; finview project --help lists them'

test_case "a project is made in a new folder only"
run_finview project init hauraki --name "Hauraki – Tīkapa Moana"
expect_status 0
run_finview project init hauraki
expect_status 4
expect_output "not an empty folder"
run_finview import survey/photos --project survey
expect_status 3
expect_output "no FinView project"

test_case "photos are imported once, bad ones are named, originals stay as they are"
printf 'not a photo' >survey/photos/broken.jpg
fingerprint survey >before
run_finview import survey/catalogue --individuals auto --project hauraki --who anna
expect_status 0
run_finview import survey/photos --project hauraki
expect_status 0
expect_output "8 photos imported, 0 were there already, 1 could not be read"
expect_output "broken.jpg"
run_finview import survey/photos --project hauraki
expect_output "0 photos imported, 8 were there already"
fingerprint survey >after
expect_same_files before after

test_case "fins are found and named"
run_finview project update --project hauraki
expect_status 0
run_finview review list --project hauraki --limit 100
expect_output "certain|likely|unsure|nobody known"
fin=$(awk '$2 == "certain" || $2 == "likely" { print $1; exit }' "$work/output")
[[ -n $fin ]] || fault "no fin was recognized at all"
code=$(candidate_of "$fin")

test_case "not the same holds after everything is identified again"
run_finview review reject "$fin" --individual "$code" --project hauraki --who ben
expect_status 0
run_finview project update --project hauraki
run_finview review list --project hauraki --limit 100
[[ $(candidate_of "$fin") != "$code" ]] || fault "fin $fin is $code again"

test_case "a decision is taken back"
run_finview review history --fin "$fin" --project hauraki
decision=$(awk '/reject/ { sub(":", "", $2); print $2; exit }' "$work/output")
run_finview review undo "$decision" --project hauraki
expect_status 0
run_finview project update --project hauraki
run_finview review list --project hauraki --limit 100
expect_equal "$(candidate_of "$fin")" "$code" "the candidate after undo"

test_case "new, merge, split and their undoing"
state hauraki >plain
run_finview review new "$fin" --code "Zoë" --project hauraki
expect_status 0
run_finview review merge "$code" zoe --project hauraki
expect_status 0
run_finview review history --individual "$code" --project hauraki
merge=$(awk '/merge/ { sub(":", "", $2); print $2; exit }' "$work/output")
run_finview review split "$fin" --code "Zoë" --project hauraki
expect_status 4
expect_output "Zo"
run_finview review undo "$merge" "$((merge - 1))" --project hauraki
expect_status 0
state hauraki | grep -v ^decision >undone
grep -v ^decision plain >plain_state
expect_same_files plain_state undone

test_case "wrong numbers and names are told"
run_finview review confirm x --individual "$code" --project hauraki
expect_status 2
run_finview review confirm 999999 --individual "$code" --project hauraki
expect_status 3
expect_output "999999"
run_finview review confirm "$fin" --individual nobody-of-this-name --project hauraki
expect_status 3

test_case "a backup is the project; check finds a photo that is gone or changed"
run_finview project backup copy --project hauraki
expect_status 0
run_finview project restore copy again
expect_status 0
state hauraki >one
state again >two
expect_same_files one two
run_finview project check --deep --project again
expect_status 0
photo=$(find again/files -type f | sort | head -n 1)
printf 'x' >>"$photo"
printf 'x' >again/files/waste
run_finview project check --project again
expect_status 2
expect_output "was changed"
expect_output "waste belongs to no photo"
rm "$photo"
run_finview project check --repair --project again
expect_status 2
expect_output "Repaired: .*waste"
expect_output "is gone"
run_finview import survey --project again
run_finview project check --deep --project again
expect_status 0

test_case "the catalogue is taken away for MARK"
run_finview export --format mark --out captures.inp --project hauraki
expect_status 0
expect_equal "$(grep -c '1;$' captures.inp)" 4 "capture histories"
run_finview export --format nonsense --project hauraki
expect_status 2
expect_output "darwin"

test_case "whole photos of known individuals are searched, and their fins confirmed"
run_finview synth --out trip --individuals 7 --photos 6 --encounters 2 --unknown-share 0 \
  --empty-share 0 --catalogue-photos 3 --size 800x533 --seed 7
while IFS=, read -r photo _ _ _ _ individual _; do
  mkdir -p "scenes/$individual"
  cp "trip/$photo" "scenes/$individual/${photo//\//_}"
done < <(tail -n +2 trip/truth.csv)
run_finview project init known
run_finview import trip/catalogue --individuals auto --project known
run_finview import scenes --individuals folder --form photos --project known
expect_output "6 photos imported"
run_finview project update --project known
num_found=$(grep -oE '[0-9]+ fins found in 6 photos' "$work/output" | grep -oE '^[0-9]+')
((num_found >= 6)) || fault "$num_found fins found in 6 photos, each of which shows one or more"
expect_output "2 fins, and none much larger than the others; say which of them is 0002"
run_finview review list --project known --limit 100
expect_output "2013-12-28_E1_IMG_0002"
run_finview export --format csv --out known.csv --project known
confirmed=$(awk -F, '$1 ~ /^scenes/ && $9 != "" { split($1, part, "/"); if (part[2] != $9) exit 1; ++n }
  END { print n }' known.csv)
expect_equal "$confirmed" $((num_found - 2)) "fins confirmed as their folder says: all but the two of one photo"

test_case "a season comes over from Wildbook"
run_finview export --format wildbook --scientific-name "Tursiops truncatus" --out bulk.csv \
  --project known
run_finview project init over
run_finview import scenes --encounters none --labels bulk.csv --project over
expect_output "0001.*import it first"
run_finview import trip/catalogue --form crops --encounters none --labels bulk.csv --project over
expect_status 0
expect_output "$((25 + confirmed)) photos are in the table"
run_finview project update --project over
run_finview export --format wildbook --scientific-name "Tursiops truncatus" --out again.csv \
  --project over
sort bulk.csv >bulk_sorted.csv
sort again.csv >again_sorted.csv
expect_same_files bulk_sorted.csv again_sorted.csv

test_case "an individual that was split in two is suspected, until a person says otherwise"
run_finview review history --individual 0006 --project known
mapfile -t halves < <(awk '$3 == "confirm" { sub(";", "", $6); print $6 }' "$work/output" | sort -n)
run_finview review split "${halves[@]:0:${#halves[@]}/2}" --code twin --project known
expect_status 0
twins() { awk -F, '$1 == "pair" && ($3 == "twin" || $4 == "twin") { print $3 $4 }' "$1"; }
run_finview project duplicates --project known --out pairs.csv
expect_status 0
[[ $(twins pairs.csv) =~ ^(0006twin|twin0006)$ ]] || fault "suspected of twin: $(twins pairs.csv)"
run_finview review reject "${halves[0]}" --individual 0006 --project known
run_finview project duplicates --project known --out pairs.csv
expect_status 0
expect_equal "$(twins pairs.csv)" "" "who twin may be after it was told apart"
run_finview review history --individual twin --project known
mapfile -t decisions < <(awk '$3 == "reject" || $3 == "split" { sub(":", "", $2); print $2 }' "$work/output")
run_finview review undo "${decisions[@]}" --project known
expect_status 0

test_case "a project says how well it identifies, and teaches a network of its own"
run_finview project evaluate --project known --html evaluation.html
expect_output "^all .*[01]\.[0-9]{3}"
[[ -s evaluation.html ]] || fault "no page"
run_finview project train --project hauraki
expect_status 2
expect_output "individuals have confirmed fins of two encounters"
run_finview project train --project known --name own --steps 10 --use
expect_status 0
expect_output "learned from [0-9]+ fins of 7 individuals"
run_finview project update --project known
expect_output "$((25 + num_found)) other fins signed"
run_finview project train --project known --name own
expect_status 4
expect_output "give another --name"

test_case "a project teaches a detector where its fins are"
run_finview project train-detector --project hauraki
expect_status 2
expect_output "a detector needs 10"
run_finview synth --out boat --individuals 4 --photos 14 --encounters 3 --unknown-share 0 \
  --empty-share 0 --catalogue-photos 2 --size 640x427 --seed 9
run_finview project init boat_project
run_finview import boat/photos --labels boat/truth.json --project boat_project
rm "$(find boat_project/files -type f | sort | head -n 1)"
run_finview project train-detector --project boat_project --name own.2 --steps 2 --use
expect_status 0
expect_output "is gone"
expect_output "learned from 13 fins on 13 photos"
expect_output "before: AP@0.5 [01]\.[0-9]{3}, AP@0.75 [01]\.[0-9]{3}"
run_finview import trip/photos --project boat_project
run_finview project update --project boat_project
expect_output "in 6 photos"
run_finview project train-detector --project boat_project --name own.2
expect_status 4
expect_output "own.2.weights; give another --name"

test_case "labels come in with photos, and out again as they came"
run_finview project init labelled
run_finview import survey/photos --labels survey/truth.json --project labelled
expect_status 0
expect_output "[1-9][0-9]* fins came with the labels"
run_finview export --format coco --out first.json --project labelled
run_finview project init labelled_again
run_finview import survey/photos --labels first.json --project labelled_again
run_finview export --format coco --out second.json --project labelled_again
expect_same_files first.json second.json

test_case "killed at random moments, import and identification end as if nothing had happened"
python3 "$e2e/project_kill.py" "$finview" 1 1 || fault "see above"

finish
