CREATE TABLE account (
  id integer primary key autoincrement,
  name text not null,
  folded text not null unique,
  password_hash text not null,
  role integer not null,
  disabled integer not null,
  created text not null
);
CREATE TABLE api_token (
  id integer primary key autoincrement,
  token_hash text not null unique,
  account_id integer not null references account(id) on delete cascade,
  name text not null,
  created text not null,
  last_used text not null
);
CREATE TABLE audit (
  id integer primary key autoincrement,
  at text not null,
  who text not null,
  action text not null,
  target text not null
);
CREATE TABLE candidate (
  fin_id integer not null references fin(id) on delete cascade,
  place integer not null,
  individual_id integer not null references individual(id),
  probability real not null,
  look real,
  edge real,
  edge_network real,
  warping real,
  marks real,
  best_fin_id integer,
  primary key (fin_id, place)
) without rowid;
CREATE TABLE decision (
  id integer primary key autoincrement,
  kind integer not null,
  individual_id integer references individual(id),
  other_id integer references individual(id),
  individual_code text not null,
  other_code text not null,
  who text not null,
  made text not null,
  why text not null,
  undoes_id integer references decision(id)
);
INSERT INTO "decision" VALUES(1,0,1,NULL,'D001','','ana','2026-11-25T20:15:40','imported as k/D001/a.png',NULL);
CREATE TABLE decision_fin (
  decision_id integer not null references decision(id),
  fin_id integer not null,
  individual_before_id integer references individual(id),
  individual_after_id integer references individual(id),
  review_before integer not null,
  review_after integer not null,
  primary key (decision_id, fin_id)
);
INSERT INTO "decision_fin" VALUES(1,1,NULL,1,0,1);
CREATE TABLE decision_individual (
  decision_id integer not null references decision(id),
  individual_id integer not null references individual(id),
  merged_before_id integer references individual(id),
  merged_after_id integer references individual(id),
  retired_before integer not null,
  retired_after integer not null,
  primary key (decision_id, individual_id)
);
CREATE TABLE decision_rejection (
  decision_id integer not null references decision(id),
  fin_id integer not null,
  individual_id integer not null references individual(id),
  by_before_id integer references decision(id),
  by_after_id integer references decision(id),
  primary key (decision_id, fin_id, individual_id)
);
CREATE TABLE encounter (
  id integer primary key autoincrement,
  code text not null unique,
  survey_id integer references survey(id),
  began text not null,
  ended text not null,
  place text not null,
  latitude_deg real,
  longitude_deg real,
  altitude_m real,
  notes text not null,
  search text not null,
  num_photos integer not null default 0,
  num_fins integer not null default 0
);
CREATE TABLE feature (
  fin_id integer not null references fin(id) on delete cascade,
  recipe_id integer not null references recipe(id),
  bytes blob not null,
  primary key (fin_id, recipe_id)
);
CREATE TABLE fin (
  id integer primary key autoincrement,
  photo_id integer not null references photo(id),
  left_px real not null,
  top_px real not null,
  right_px real not null,
  bottom_px real not null,
  confidence real not null,
  class_index integer not null,
  made_by text not null,
  side text not null,
  quality real not null,
  outline text not null,
  outlined_by text not null,
  individual_id integer references individual(id),
  review integer not null default 0,
  last_decision_id integer references decision(id),
  tier integer not null default 0,
  p_new real not null default 0,
  probability real not null default 0,
  first_candidate_id integer references individual(id),
  hidden integer not null default 0,
  taken text not null,
  encounter_id integer,
  photo_order text not null,
  individual_order text not null default ''
);
INSERT INTO "fin" VALUES(1,1,0.0,0.0,64.0,48.0,1.0,0,'ana','',0.0,'','',1,1,1,0,0.0,0.0,NULL,0,'',NULL,'k/d001/a.png','d000000000001');
CREATE TABLE fin_tally (
  hidden integer not null,
  review integer not null,
  tier integer not null,
  side text not null,
  num_fins integer not null,
  primary key (hidden, review, tier, side)
);
INSERT INTO "fin_tally" VALUES(0,0,0,'',0);
INSERT INTO "fin_tally" VALUES(0,1,0,'',1);
CREATE TABLE finview_schema (version integer primary key, applied text not null);
INSERT INTO "finview_schema" VALUES(1,'2026-11-25T20:15:36');
CREATE TABLE individual (
  id integer primary key autoincrement,
  code text not null,
  folded text not null,
  code_order text not null,
  name text not null,
  aliases text not null,
  sex text not null,
  age_class text not null,
  marks text not null,
  notes text not null,
  search text not null,
  created text not null,
  merged_into_id integer references individual(id),
  retired integer not null default 0,
  best_left_id integer,
  best_right_id integer,
  num_fins integer not null default 0,
  num_encounters integer not null default 0,
  first_seen text not null default '',
  last_seen text not null default ''
);
INSERT INTO "individual" VALUES(1,'D001','d001','d000000000001','','','','','','','d001','2026-11-25T20:15:40',NULL,0,NULL,NULL,1,0,'','');
CREATE TABLE login (
  token_hash text primary key,
  account_id integer not null references account(id) on delete cascade,
  csrf text not null,
  expires text not null
);
CREATE TABLE photo (
  id integer primary key autoincrement,
  sha256 text not null unique,
  name text not null,
  name_bytes text not null,
  search text not null,
  size_bytes integer not null,
  width_px integer not null,
  height_px integer not null,
  taken text not null,
  latitude_deg real,
  longitude_deg real,
  altitude_m real,
  camera text not null,
  encounter_id integer references encounter(id),
  state integer not null,
  failure text not null,
  added text not null,
  trashed text not null default '',
  is_crop integer not null,
  num_fins integer not null default 0
);
INSERT INTO "photo" VALUES(1,'e73528596fa0a52a3f082d7e2acbb0a5d705b94f1596af061f83ff8488222c1f','k/D001/a.png','','k/d001/a.png',245,64,48,'',NULL,NULL,NULL,'',NULL,1,'','2026-11-25T20:15:40','',1,1);
INSERT INTO "photo" VALUES(2,'fc211274f84241874b77fc9f87a841aea830b27c7dfe4ec02edefbed8d120f23','in/b é.png','','in/b e.png',279,64,48,'',NULL,NULL,NULL,'',NULL,0,'','2026-11-25T20:15:43','',0,0);
CREATE TABLE recipe (
  id integer primary key autoincrement,
  name text not null unique
);
CREATE TABLE rejection (
  fin_id integer not null references fin(id) on delete cascade,
  individual_id integer not null references individual(id),
  decision_id integer not null references decision(id),
  primary key (fin_id, individual_id)
);
CREATE TABLE setting (
  name text primary key,
  value text not null
);
ANALYZE "sqlite_master";
CREATE TABLE survey (
  id integer primary key autoincrement,
  code text not null unique,
  began text not null,
  ended text not null,
  platform text not null,
  effort text not null,
  notes text not null
);
CREATE INDEX encounter_survey on encounter(survey_id);
CREATE UNIQUE INDEX individual_folded on individual(folded) where retired = 0;
CREATE INDEX individual_code_order on individual(retired, merged_into_id, code_order, id);
CREATE INDEX individual_name on individual(retired, merged_into_id, name, code_order, id);
CREATE INDEX individual_num_fins on individual(retired, merged_into_id, num_fins, id);
CREATE INDEX individual_num_encounters on individual(retired, merged_into_id, num_encounters, id);
CREATE INDEX individual_last_seen on individual(retired, merged_into_id, last_seen, id);
CREATE INDEX individual_created on individual(retired, merged_into_id, created, id);
CREATE INDEX individual_merged_into on individual(merged_into_id) where merged_into_id is not null;
CREATE INDEX photo_id on photo(trashed, id, state);
CREATE INDEX photo_state on photo(trashed, state, id);
CREATE INDEX photo_encounter on photo(encounter_id, id);
CREATE INDEX photo_name on photo(trashed, search, id, state);
CREATE INDEX photo_taken on photo(trashed, taken, id, state);
CREATE INDEX photo_added on photo(trashed, added, id, state);
CREATE INDEX photo_num_fins on photo(trashed, num_fins, id, state);
CREATE INDEX decision_first on decision(individual_id);
CREATE INDEX decision_other on decision(other_id);
CREATE INDEX decision_undoes on decision(undoes_id);
CREATE INDEX fin_photo on fin(photo_id);
CREATE INDEX fin_individual on fin(individual_id, id) where individual_id is not null;
CREATE INDEX fin_first_candidate on fin(first_candidate_id) where first_candidate_id is not null;
CREATE INDEX fin_encounter on fin(encounter_id, id) where encounter_id is not null;
CREATE INDEX fin_review on fin(hidden, review, tier, side, quality);
CREATE INDEX fin_id on fin(hidden, id, review, tier, side, quality);
CREATE INDEX fin_taken on fin(hidden, taken, id, review, tier, side, quality);
CREATE INDEX fin_quality on fin(hidden, quality, id, review, tier, side);
CREATE INDEX fin_probability on fin(hidden, probability, id, review, tier, side, quality);
CREATE INDEX fin_photo_order on fin(hidden, photo_order, id, review, tier, side, quality);
CREATE INDEX fin_individual_order on
  fin(hidden, individual_order, id, review, tier, side, quality);
CREATE INDEX decision_fin_fin on decision_fin(fin_id, decision_id);
CREATE INDEX decision_fin_before on decision_fin(individual_before_id);
CREATE INDEX decision_fin_after on decision_fin(individual_after_id);
CREATE INDEX decision_rejection_fin on decision_rejection(fin_id, individual_id, decision_id);
CREATE INDEX decision_rejection_individual on decision_rejection(individual_id);
CREATE INDEX decision_individual_individual on decision_individual(individual_id, decision_id);
CREATE INDEX rejection_individual on rejection(individual_id);
CREATE INDEX login_account on login(account_id);
CREATE INDEX login_expires on login(expires);
CREATE INDEX api_token_account on api_token(account_id);
