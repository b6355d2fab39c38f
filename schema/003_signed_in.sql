-- Who signed in, with which application, to which tenant: what the access tokens of a run said of themselves. Null: nothing was
-- said. Never a token.
alter table run add column signed_in text;
