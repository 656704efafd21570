-- What goes to the national portal besides dossiers: questions with their answers, monthly satisfaction. The row is the lock of
-- its stream, remembers who owns it, and what was accepted last of each kind.
create table portal_submissions (
  tenant text not null,
  subject text not null,
  agency text not null,
  accepted jsonb not null default '{}'::jsonb,
  constraint portal_submissions_tenant_subject_pk primary key (tenant, subject)
);
