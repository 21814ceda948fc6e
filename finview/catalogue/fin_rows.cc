#include "finview/catalogue/fin_rows.h"

#include "finview/catalogue/fold_text.h"

namespace finview::internal {

// A first candidate that was merged since is the one it was merged into.
const char* const kSelectFins =
    "select f.id, f.photo_id, f.left_px, f.top_px, f.right_px, f.bottom_px, f.confidence, "
    "f.class_index, f.made_by, f.side, f.quality, f.outline, f.outlined_by, f.individual_id, "
    "f.review, f.last_decision_id, f.tier, f.p_new, f.probability, p.name, p.name_bytes, f.taken, "
    "f.encounter_id, i.code, coalesce(m.id, c.id), coalesce(m.code, c.code) "
    "from fin f join photo p on p.id = f.photo_id "
    "left join individual i on i.id = f.individual_id "
    "left join individual c on c.id = f.first_candidate_id and c.retired = 0 "
    "left join individual m on m.id = c.merged_into_id";

FinRows::FinRows(Query& query) : query_(query) {
  query.into(fin_.id,
             fin_.photo,
             fin_.box.left_px,
             fin_.box.top_px,
             fin_.box.right_px,
             fin_.box.bottom_px,
             fin_.box.confidence,
             fin_.box.class_index,
             fin_.made_by,
             fin_.side,
             fin_.quality,
             fin_.outline,
             fin_.outlined_by,
             fin_.individual,
             fin_.review,
             fin_.last_decision,
             fin_.tier,
             fin_.p_new,
             fin_.probability,
             fin_.photo_name,
             name_bytes_,
             fin_.taken,
             fin_.encounter,
             fin_.individual_code,
             fin_.first_candidate,
             fin_.first_candidate_code);
}

bool FinRows::next() {
  if (!query_.next()) return false;
  fin_.photo_name = name_as_given(fin_.photo_name, name_bytes_);
  return true;
}

}  // namespace finview::internal
