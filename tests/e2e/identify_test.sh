#!/usr/bin/env bash
# The main job over the real program: good input.
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# column NAME FILE: the values of a column of a table of results.
column() {
  python3 -c 'import csv, sys
for row in csv.DictReader(open(sys.argv[2], newline="", encoding="utf-8")): print(row[sys.argv[1]])' "$@"
}

# best_answers FILE: file name, fin and best individual of every fin.
best_answers() {
  python3 -c 'import csv, os, sys
for row in csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8")):
    if row["rank"] == "1": print(os.path.basename(row["photo"]), row["fin"], row["individual"])' "$1" | sort
}

test_case "synth renders a survey"
run_finview synth --out survey --individuals 4 --photos 6 --encounters 3 --unknown-share 0.2 --empty-share 0 --seed 7
expect_status 0
mapfile -t photos < <(find survey/photos -type f | sort)
mapfile -t individuals < <(find survey/catalogue -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | sort)
expect_equal "${#photos[@]}" 6 "photos in the survey"
expect_equal "${#individuals[@]}" 4 "individuals in the catalogue"
if ((num_faults > 0)); then finish; fi
fingerprint survey >before

test_case "identify answers for every photo, in the agreed columns"
run_finview identify survey/photos --catalogue survey/catalogue --recursive \
  --out all/matches.csv --html all/html --crops all/crops --annotated all/annotated
expect_status 0
python3 "$e2e/check_matches.py" all/matches.csv 5 "${individuals[@]}" || fault "all/matches.csv"
expect_equal "$({ column photo all/matches.csv; column photo all/matches.errors.csv; } | sort -u)" \
  "$(printf '%s\n' "${photos[@]}")" "photos"

test_case "the page is complete in its folder and shows every photo"
cp -r all/html moved
mapfile -t names < <(printf '%s\n' "${photos[@]##*/}")
python3 "$e2e/check_page.py" moved "${names[@]}" || fault "the HTML page"

test_case "one crop per fin, one annotated photo per photo with a fin"
expect_equal "$(find all/crops -type f | wc -l)" "$(best_answers all/matches.csv | wc -l)" "crops"
expect_equal "$(find all/annotated -type f | wc -l)" \
  "$(column photo all/matches.csv | sort -u | wc -l)" "annotated photos"

test_case "the detector is measured by the labels of the survey, in folders below too"
run_finview evaluate detector --photos survey/photos --labels survey/labels --recursive --json detector.json
expect_status 0
expect_file detector.json
expect_output "6 photos, $(cat survey/labels/*/*.txt | wc -l) fins"
run_finview evaluate detector --photos survey/photos --labels survey/labels
expect_status 2

test_case "originals are never written"
fingerprint survey >after
expect_same_files before after

test_case "a second run gives the same bytes"
run_finview identify survey/photos --catalogue survey/catalogue --recursive --out again/matches.csv
expect_status 0
expect_same_files all/matches.csv again/matches.csv

test_case "--top 1 leaves the best candidate only"
run_finview identify survey/photos --catalogue survey/catalogue --recursive --top 1 --out top/matches.csv
expect_status 0
python3 "$e2e/check_matches.py" top/matches.csv 1 "${individuals[@]}" || fault "top/matches.csv"
best_answers all/matches.csv >all.txt
best_answers top/matches.csv >top.txt
expect_same_files all.txt top.txt

test_case "the JSON result holds the same photos"
run_finview identify survey/photos --catalogue survey/catalogue --recursive --out all/matches.json
expect_status 0
python3 -m json.tool all/matches.json >/dev/null || fault "all/matches.json is no JSON"
for photo in "${photos[@]}"; do
  grep -qF "\"$photo\"" all/matches.json || fault "$photo is not in matches.json"
done

test_case "a mix of archive, folder and file gives the same answers as the folder"
mkdir mix
tar -C survey -czf mix/first.tar.gz "${photos[0]#survey/}" "${photos[1]#survey/}"
(cd survey && zip -q ../mix/second.zip "${photos[2]#survey/}")
mkdir -p mix/folder/deep
cp "${photos[3]}" mix/folder/deep
run_finview identify mix/first.tar.gz mix/second.zip mix/folder "${photos[4]}" "${photos[5]}" \
  --catalogue survey/catalogue --recursive --out mix/matches.csv
expect_status 0
best_answers mix/matches.csv >mix.txt
expect_same_files all.txt mix.txt

test_case "without --recursive, folders below are left alone"
mkdir flat
cp "${photos[0]}" flat
mkdir flat/below
cp "${photos[1]}" flat/below
run_finview identify flat --catalogue survey/catalogue --out flat/out/matches.csv
expect_status 0
expect_equal "$(column photo flat/out/matches.csv | sort -u)" "flat/${names[0]}" "photos"

test_case "a copy of a catalogue picture is its individual"
known=$(find "survey/catalogue/${individuals[1]}" -type f | sort | sed -n 1p)
cp "$known" "query.${known##*.}"
run_finview identify "query.${known##*.}" --catalogue survey/catalogue --already-cropped \
  --best-photos 1 --out copy/matches.csv
expect_status 0
expect_equal "$(column individual copy/matches.csv | sed -n 1p)" "${individuals[1]}" "best individual"
similarity=$(column similarity copy/matches.csv | sed -n 1p)
awk -v s="$similarity" 'BEGIN { exit !(s >= 0.99) }' || fault "similarity of a copy is $similarity"

test_case "names with spaces, commas, quotes and accents come back as given"
odd='odd/été, "Kaikōura" 1 & 2.jpg'
mkdir odd
cp "${photos[0]}" "$odd"
run_finview identify "$odd" --catalogue survey/catalogue --out odd/matches.csv --html odd/html \
  --crops odd/crops
expect_status 0
expect_equal "$(column photo odd/matches.csv | sort -u)" "$odd" "photo"
python3 "$e2e/check_page.py" odd/html "${odd##*/}" || fault "the HTML page"

test_case "photos of the same name in two folders keep their own outputs"
mkdir -p twins/a twins/b
cp "${photos[0]}" twins/a/IMG_1.jpg
cp "${photos[1]}" twins/b/IMG_1.jpg
run_finview identify twins --recursive --catalogue survey/catalogue --out twins.csv \
  --crops twin_crops --annotated twin_annotated
expect_status 0
expect_equal "$(find twin_crops -type f | wc -l)" "$(best_answers twins.csv | wc -l)" "crops"
expect_equal "$(find twin_annotated -type f | wc -l)" 2 "annotated photos"

test_case "detect writes the boxes that identify used"
run_finview detect survey/photos --recursive --out boxes.csv
expect_status 0
expect_equal "$(head -n 1 boxes.csv)" "photo,fin,left_px,top_px,width_px,height_px,confidence" "columns"
cut -d, -f1-7 all/matches.csv | uniq >boxes_of_identify.csv
expect_same_files boxes_of_identify.csv boxes.csv

test_case "features writes five pictures and the descriptor of a crop"
run_finview features "$known" --out features
expect_status 0
expect_equal "$(find features -type f \( -name '*.png' -o -name '*.jpg' \) | wc -l)" 5 "pictures"
expect_equal "$(find features -type f -name '*.npy' | wc -l)" 1 "descriptors"
expect_equal "$(find features -type f -name '*.csv' | wc -l)" 1 "tables"

test_case "catalogue index embeds once, and notices a change of content"
export XDG_CACHE_HOME=$work/second_cache
cp -r survey/catalogue changing
run_finview catalogue index changing
expect_status 0
run_finview catalogue index changing
expect_status 0
expect_output '(^|[^0-9])0 [a-z ]*embedded|embedded 0([^0-9]|$)'
other=$(find "changing/${individuals[0]}" -type f | sort | sed -n 1p)
mv "$other" "${other%.*}_renamed.${other##*.}"
cp "${photos[0]}" "$other"
run_finview catalogue index changing
expect_status 0
expect_output '(^|[^0-9])1 [a-z ]*embedded|embedded 1([^0-9]|$)'
export XDG_CACHE_HOME=$work/cache

finish
