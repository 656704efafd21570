-- What came in is looked for as such: by direction first, or all that went out would be walked through for it.
drop index entries_seldom;
--> statement-breakpoint
create index entries_seldom on entries (tenant, direction, platform, operation, accepted_at desc, id desc)
  where direction <> 'out' or platform <> 'national-portal' or operation not in ('dossier.put', 'dossier.step');
