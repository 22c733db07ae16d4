create table links (
  id bigint generated always as identity primary key,
  slug text not null unique,
  url text not null,
  created_at timestamptz not null default now(),
  -- A deleted link stays as a tombstone: its slug answers 410 and is never given away again.
  deleted_at timestamptz
);
