#include "finview/catalogue/schema_versions.h"

// The review's queues: what waits in a tier, by probability, from wherever. And how many photos
// there are, so that long lists need not count them.
namespace finview::internal {

const char* const kSchemaV3 = R"sql(
create index fin_queue on fin(tier, probability, id) where hidden = 0 and review = 0;
create table photo_tally (
  state {int} not null,
  trashed {int} not null,
  num_photos {int} not null,
  primary key (state, trashed)
);
insert into photo_tally select state, case when trashed <> '' then 1 else 0 end, count(*)
  from photo group by 1, 2;
)sql";

const char* const kSchemaV3Sqlite = R"sql(
create trigger photo_tally_added after insert on photo begin
  insert into photo_tally values (new.state, new.trashed <> '', 1) on conflict (state, trashed) do update set num_photos = num_photos + 1; end;
create trigger photo_tally_removed after delete on photo begin
  update photo_tally set num_photos = num_photos - 1 where state = old.state and trashed = (old.trashed <> ''); end;
create trigger photo_tally_changed after update of state, trashed on photo begin
  update photo_tally set num_photos = num_photos - 1 where state = old.state and trashed = (old.trashed <> ''); insert into photo_tally values (new.state, new.trashed <> '', 1) on conflict (state, trashed) do update set num_photos = num_photos + 1; end;
)sql";

const char* const kSchemaV3Postgresql = R"sql(
create function photo_tally_follow() returns trigger language plpgsql as $body$
begin
  if tg_op <> 'INSERT' then
    update photo_tally set num_photos = num_photos - 1 where state = old.state and trashed = cast(old.trashed <> '' as int); end if; if tg_op <> 'DELETE' then
    insert into photo_tally values (new.state, cast(new.trashed <> '' as int), 1) on conflict (state, trashed) do update set num_photos = photo_tally.num_photos + 1; end if; return null; end $body$;
create trigger photo_tally_counts after insert or delete or update of state, trashed on photo
  for each row execute function photo_tally_follow();
)sql";

}  // namespace finview::internal
