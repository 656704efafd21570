-- By which access a file was fetched from the national store of papers; null: the software sent it.
alter table uploaded_files add column access_id text;
