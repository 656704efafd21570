-- Which dossiers have links that were sent and are still to be looked at.
create index relayed_files_dossier_due on relayed_files (tenant, dossier_code) where check_due_at is not null;
