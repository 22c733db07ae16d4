-- The list shows live links only, newest first.
create index links_live on links (id desc) where deleted_at is null;
