#!/usr/bin/env bash
# What cannot be used costs one line in the result and nothing else.
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

test_case "help and unknown words"
run_finview --help
expect_status 0
for command in identify detect features "catalogue index"; do
  expect_output "$command"
  # shellcheck disable=SC2086  # a command may be two words
  run_finview $command --help
  expect_status 0
  expect_output "finview $command .+"
  run_finview --help
done
run_finview whistle
expect_status 2
expect_output whistle

run_finview synth --out survey --individuals 3 --photos 3 --encounters 2 --unknown-share 0 --seed 3
expect_status 0
mapfile -t photos < <(find survey/photos -type f | sort)
python3 "$e2e/make_bad_inputs.py" "${photos[0]}" bad
mkdir outside
fingerprint bad survey >before

test_case "every fault of the options is told at once"
run_finview identify survey/photos --catalogue survey/catalogue --top 0 --min-confidence 7
expect_status 2
expect_output '--top'
expect_output '--min-confidence'
run_finview identify survey/photos --catalogue survey/catalogue --no-such-option
expect_status 2
expect_output 'no-such-option'
run_finview identify nowhere_1.jpg nowhere_2.jpg --catalogue survey/catalogue --out nowhere/matches.csv
expect_status 2 3
expect_output 'nowhere_1.jpg'
expect_output 'nowhere_2.jpg'

test_case "one good photo among bad ones: exit 0, one row with the reason for each bad one"
memory_mb=$(python3 "$e2e/peak_memory.py" "$finview" identify bad "${photos[1]}" \
  --catalogue survey/catalogue --recursive --out mixed/matches.csv --html mixed/html \
  --crops mixed/crops) && status=0 || status=$?
expect_equal "$status" 0 "exit status"
expect_reason mixed empty.jpg 'empty|0 bytes'
expect_reason mixed truncated.jpg 'truncated|cut off|incomplete|ends'
expect_reason mixed header_only.jpg .
expect_reason mixed text.jpg 'not a (photo|picture|image)|format'
expect_reason mixed one_pixel.png '1 ?(x|×) ?1|no fin|small'
expect_reason mixed no_fin.png 'no fin'
expect_reason mixed huge.png '60,?000'
expect_reason mixed bomb.zip 'ratio|larger|large|limit|bomb'
expect_reason mixed broken.zip .
expect_reason mixed escaped.jpg 'path|outside|leave'
expect_reason mixed absolute.jpg 'path|outside|leave|absolute'
expect_reason mixed link.jpg 'link|regular file'
expect_reason mixed escaped_tar.jpg 'path|outside|leave'
expect_reason mixed hard.jpg 'link|regular file'
expect_reason mixed pipe.jpg 'regular file|pipe|fifo'
grep -qF "unsafe.zip" <(grep -F good.jpg mixed/matches.csv) || fault "the good member is missing"
grep -qF "${photos[1]}" mixed/matches.csv || fault "the good photo is missing"
python3 "$e2e/check_page.py" mixed/html empty.jpg bomb.zip || fault "the HTML page"

test_case "bad input takes no more memory than good input"
((memory_mb < 1000)) || fault "peak memory is $memory_mb MB, the limit is 1000 MB"

test_case "nothing leaves the target, originals stay as they are"
fingerprint bad survey >after
expect_same_files before after
expect_no_file escaped.jpg
expect_no_file mixed/escaped.jpg
expect_no_file ../escaped.jpg
expect_no_file bad/absolute.jpg
expect_equal "$(find . -type l | wc -l)" 0 "links written"

test_case "only bad photos: exit 2"
run_finview identify bad/empty.jpg bad/text.jpg --catalogue survey/catalogue --out only/matches.csv
expect_status 2
expect_reason only empty.jpg 'empty|0 bytes'
expect_reason only text.jpg 'not a (photo|picture|image)|format'

test_case "detect and features survive the same input"
run_finview detect bad "${photos[1]}" --recursive --out detected/boxes.csv
expect_status 0
expect_output 'huge.png.*60,?000'
catalogue_picture=$(find survey/catalogue -type f | sort | sed -n 1p)
run_finview features bad/empty.jpg bad/text.jpg bad/huge.png bad/one_pixel.png "$catalogue_picture" \
  --out features
expect_status 0
expect_reason features empty.jpg .
expect_reason features huge.png '60,?000'

test_case "a missing or empty catalogue is named"
run_finview identify "${photos[0]}" --catalogue no_such_catalogue --out x.csv
expect_status 2 3
expect_output 'no_such_catalogue'
mkdir empty_catalogue
run_finview identify "${photos[0]}" --catalogue empty_catalogue --out x.csv
expect_status 2
expect_output 'empty_catalogue'
run_finview identify "${photos[0]}"
expect_status 2
expect_output '--catalogue'
expect_no_file x.csv

test_case "a bad picture in the catalogue is named and left out"
cp -r survey/catalogue damaged
individual=$(find damaged -mindepth 1 -maxdepth 1 -type d | sort | sed -n 1p)
cp bad/text.jpg "$individual/text.jpg"
run_finview identify "${photos[0]}" --catalogue damaged --out damaged.csv
expect_status 0
expect_output 'text.jpg'

test_case "individuals whose names differ only in case are named"
cp -r survey/catalogue cases
mkdir cases/Anna cases/anna
cp "$(find "$individual" -type f -not -name text.jpg | sort | sed -n 1p)" cases/Anna/1.jpg
cp "$(find survey/catalogue -type f | sort | tail -n 1)" cases/anna/2.jpg
status=0
LC_ALL=C timeout 600 "$finview" identify "${photos[0]}" --catalogue cases --out cases.csv \
  >output 2>&1 || status=$?
expect_status 0 2
grep -F Anna output | grep -F anna >/dev/null || fault "no line names both Anna and anna"

test_case "duplicate photos are named"
cp -r survey/catalogue duplicates
first=$(find duplicates -type f | sort | sed -n 1p)
cp "$first" "$(dirname "$(find duplicates -type f | sort | tail -n 1)")/copy_of_another.jpg"
run_finview identify "${photos[0]}" --catalogue duplicates --out duplicates.csv
expect_status 0 2
expect_output 'copy_of_another.jpg'
cp "${photos[0]}" same_again.jpg
run_finview identify "${photos[0]}" same_again.jpg --catalogue survey/catalogue --out same.csv
expect_status 0
expect_output '(same|duplicate|identical).*|same_again.jpg.*(same|duplicate|identical)'

test_case "outputs that cannot be written are told before the work"
touch a_file
run_finview identify "${photos[0]}" --catalogue survey/catalogue --out a_file/matches.csv
expect_status 2 6
expect_output 'a_file'

finish
