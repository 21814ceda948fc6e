#include "finview/catalogue/schema_versions.h"

// Whom a photo is said to show before its fins are found, and an index of the pieces of photos'
// names, so that a part of a name is found among millions.
namespace finview::internal {

const char* const kSchemaV2 = R"sql(
alter table photo add column labelled_id {int} references individual(id);
alter table photo add column labelled_by {text} not null default '';
create index photo_labelled on photo(labelled_id) where labelled_id is not null;
)sql";

// Source: SQLite FTS5, "The Trigram Tokenizer" and "External Content Tables".
const char* const kSchemaV2Sqlite = R"sql(
create virtual table photo_text using
  fts5(search, content = 'photo', content_rowid = 'id', tokenize = 'trigram');
insert into photo_text(photo_text) values ('rebuild');
create trigger photo_text_added after insert on photo begin
  insert into photo_text(rowid, search) values (new.id, new.search); end;
create trigger photo_text_removed after delete on photo begin
  insert into photo_text(photo_text, rowid, search) values ('delete', old.id, old.search); end;
)sql";

const char* const kSchemaV2Postgresql = R"sql(
create extension if not exists pg_trgm;
create index photo_text on photo using gin (search gin_trgm_ops);
)sql";

}  // namespace finview::internal
