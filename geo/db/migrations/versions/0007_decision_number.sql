-- A decision that is sent again after a broken line is the same decision.
alter table decision add column client_id uuid unique;
comment on column decision.client_id is 'Made by the screen: the same decision sent again is the same decision.';
