-- Statements are planned once, and again when statistics change. A plan made while this table was of one page would read all of it at
-- every look, and go on to do so for the first minute of a burst, until autovacuum has seen it. So the table is never of one
-- page: vacuum gives none back, and it begins with some.
alter table pending set (vacuum_truncate = false);
--> statement-breakpoint
insert into pending (tenant, id, platform, agency, operation, stream, position, priority, state)
select '', n, '', '', repeat(' ', 64), n::text, n, 2, 'failed' from generate_series(1, 3000) n;
--> statement-breakpoint
delete from pending where tenant = '';
