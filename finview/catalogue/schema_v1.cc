#include "finview/catalogue/schema_versions.h"

// The words in braces differ between SQLite and PostgreSQL: schema.cc replaces them. Every table
// and column is described in docs/catalogue.md. A released version is never edited: a change is a
// new version. Tables come after those they point to. Indexes of lists hold what the lists filter
// by, so that rows which are skipped or counted are not read.
namespace finview::internal {

const char* const kSchemaV1 = R"sql(
create table setting (
  name {text} primary key,
  value {text} not null
);

create table survey (
  id {key},
  code {text} not null unique,
  began {text} not null,
  ended {text} not null,
  platform {text} not null,
  effort {text} not null,
  notes {text} not null
);

create table encounter (
  id {key},
  code {text} not null unique,
  survey_id {int} references survey(id),
  began {text} not null,
  ended {text} not null,
  place {text} not null,
  latitude_deg {real},
  longitude_deg {real},
  altitude_m {real},
  notes {text} not null,
  search {text} not null,
  num_photos {int} not null default 0,
  num_fins {int} not null default 0
);
create index encounter_survey on encounter(survey_id);

create table individual (
  id {key},
  code {text} not null,
  folded {text} not null,
  code_order {text} not null,
  name {text} not null,
  aliases {text} not null,
  sex {text} not null,
  age_class {text} not null,
  marks {text} not null,
  notes {text} not null,
  search {text} not null,
  created {text} not null,
  merged_into_id {int} references individual(id),
  retired {int} not null default 0,
  best_left_id {int},
  best_right_id {int},
  num_fins {int} not null default 0,
  num_encounters {int} not null default 0,
  first_seen {text} not null default '',
  last_seen {text} not null default ''
);
create unique index individual_folded on individual(folded) where retired = 0;
create index individual_code_order on individual(retired, merged_into_id, code_order, id);
create index individual_name on individual(retired, merged_into_id, name, code_order, id);
create index individual_num_fins on individual(retired, merged_into_id, num_fins, id);
create index individual_num_encounters on individual(retired, merged_into_id, num_encounters, id);
create index individual_last_seen on individual(retired, merged_into_id, last_seen, id);
create index individual_created on individual(retired, merged_into_id, created, id);
create index individual_merged_into on individual(merged_into_id) where merged_into_id is not null;

create table photo (
  id {key},
  sha256 {text} not null unique,
  name {text} not null,
  name_bytes {text} not null,
  search {text} not null,
  size_bytes {int} not null,
  width_px {int} not null,
  height_px {int} not null,
  taken {text} not null,
  latitude_deg {real},
  longitude_deg {real},
  altitude_m {real},
  camera {text} not null,
  encounter_id {int} references encounter(id),
  state {int} not null,
  failure {text} not null,
  added {text} not null,
  trashed {text} not null default '',
  is_crop {int} not null,
  num_fins {int} not null default 0
);
create index photo_id on photo(trashed, id, state);
create index photo_state on photo(trashed, state, id);
create index photo_encounter on photo(encounter_id, id);
create index photo_name on photo(trashed, search, id, state);
create index photo_taken on photo(trashed, taken, id, state);
create index photo_added on photo(trashed, added, id, state);
create index photo_num_fins on photo(trashed, num_fins, id, state);

create table decision (
  id {key},
  kind {int} not null,
  individual_id {int} references individual(id),
  other_id {int} references individual(id),
  individual_code {text} not null,
  other_code {text} not null,
  who {text} not null,
  made {text} not null,
  why {text} not null,
  undoes_id {int} references decision(id)
);
create index decision_first on decision(individual_id);
create index decision_other on decision(other_id);
create index decision_undoes on decision(undoes_id);

create table fin (
  id {key},
  photo_id {int} not null references photo(id),
  left_px {real} not null,
  top_px {real} not null,
  right_px {real} not null,
  bottom_px {real} not null,
  confidence {real} not null,
  class_index {int} not null,
  made_by {text} not null,
  side {text} not null,
  quality {real} not null,
  outline {text} not null,
  outlined_by {text} not null,
  individual_id {int} references individual(id),
  review {int} not null default 0,
  last_decision_id {int} references decision(id),
  tier {int} not null default 0,
  p_new {real} not null default 0,
  probability {real} not null default 0,
  first_candidate_id {int} references individual(id),
  hidden {int} not null default 0,
  taken {text} not null,
  encounter_id {int},
  photo_order {text} not null,
  individual_order {text} not null default ''
);
create index fin_photo on fin(photo_id);
create index fin_individual on fin(individual_id, id) where individual_id is not null;
create index fin_first_candidate on fin(first_candidate_id) where first_candidate_id is not null;
create index fin_encounter on fin(encounter_id, id) where encounter_id is not null;
create index fin_review on fin(hidden, review, tier, side, quality);
create index fin_id on fin(hidden, id, review, tier, side, quality);
create index fin_taken on fin(hidden, taken, id, review, tier, side, quality);
create index fin_quality on fin(hidden, quality, id, review, tier, side);
create index fin_probability on fin(hidden, probability, id, review, tier, side, quality);
create index fin_photo_order on fin(hidden, photo_order, id, review, tier, side, quality);
create index fin_individual_order on
  fin(hidden, individual_order, id, review, tier, side, quality);

create table fin_tally (
  hidden {int} not null,
  review {int} not null,
  tier {int} not null,
  side {text} not null,
  num_fins {int} not null,
  primary key (hidden, review, tier, side)
);

create table decision_fin (
  decision_id {int} not null references decision(id),
  fin_id {int} not null,
  individual_before_id {int} references individual(id),
  individual_after_id {int} references individual(id),
  review_before {int} not null,
  review_after {int} not null,
  primary key (decision_id, fin_id)
);
create index decision_fin_fin on decision_fin(fin_id, decision_id);
create index decision_fin_before on decision_fin(individual_before_id);
create index decision_fin_after on decision_fin(individual_after_id);

create table decision_rejection (
  decision_id {int} not null references decision(id),
  fin_id {int} not null,
  individual_id {int} not null references individual(id),
  by_before_id {int} references decision(id),
  by_after_id {int} references decision(id),
  primary key (decision_id, fin_id, individual_id)
);
create index decision_rejection_fin on decision_rejection(fin_id, individual_id, decision_id);
create index decision_rejection_individual on decision_rejection(individual_id);

create table decision_individual (
  decision_id {int} not null references decision(id),
  individual_id {int} not null references individual(id),
  merged_before_id {int} references individual(id),
  merged_after_id {int} references individual(id),
  retired_before {int} not null,
  retired_after {int} not null,
  primary key (decision_id, individual_id)
);
create index decision_individual_individual on decision_individual(individual_id, decision_id);

create table rejection (
  fin_id {int} not null references fin(id) on delete cascade,
  individual_id {int} not null references individual(id),
  decision_id {int} not null references decision(id),
  primary key (fin_id, individual_id)
);
create index rejection_individual on rejection(individual_id);

create table recipe (
  id {key},
  name {text} not null unique
);

create table feature (
  fin_id {int} not null references fin(id) on delete cascade,
  recipe_id {int} not null references recipe(id),
  bytes {bytes} not null,
  primary key (fin_id, recipe_id)
);

create table candidate (
  fin_id {int} not null references fin(id) on delete cascade,
  place {int} not null,
  individual_id {int} not null references individual(id),
  probability {real} not null,
  look {real},
  edge {real},
  edge_network {real},
  warping {real},
  marks {real},
  best_fin_id {int},
  primary key (fin_id, place)
) {rows_by_key};

create table account (
  id {key},
  name {text} not null,
  folded {text} not null unique,
  password_hash {text} not null,
  role {int} not null,
  disabled {int} not null,
  created {text} not null
);

create table login (
  token_hash {text} primary key,
  account_id {int} not null references account(id) on delete cascade,
  csrf {text} not null,
  expires {text} not null
);
create index login_account on login(account_id);
create index login_expires on login(expires);

create table api_token (
  id {key},
  token_hash {text} not null unique,
  account_id {int} not null references account(id) on delete cascade,
  name {text} not null,
  created {text} not null,
  last_used {text} not null
);
create index api_token_account on api_token(account_id);

create table audit (
  id {key},
  at {text} not null,
  who {text} not null,
  action {text} not null,
  target {text} not null
);
)sql";

}  // namespace finview::internal
