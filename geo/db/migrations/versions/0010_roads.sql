-- Roads of the last file that was loaded. Only the command load-roads writes them, as the owner, all at once; they hold nothing of
-- cases. Places and pieces refer to each other by number, without foreign keys: they come and go together, half a million at a time.

create table road_file (
    one         boolean primary key default true check (one),
    file_name   text not null,
    sha256      text not null,
    source      text not null check (source <> '' and char_length(source) <= 300),
    licence     text not null check (licence <> '' and char_length(licence) <= 300),
    loaded_at   timestamptz not null default now(),
    nodes       integer not null check (nodes > 0),
    edges       integer not null check (edges > 0),
    km          double precision not null check (km > 0)
);
comment on table road_file is 'Which file the roads are of; one row at most.';

create table road_node (
    id   integer primary key,
    geom geometry(Point, 4326) not null
);
comment on table road_node is 'Places where roads meet or end, or go on for another half kilometre.';
create index road_node_geom on road_node using gist (geom);

create table road_edge (
    id         integer primary key,
    first_node integer not null,
    last_node  integer not null,
    road_class text not null,
    one_way    boolean not null,
    kmh        real not null check (kmh between 1 and 150),
    metres     double precision not null check (metres > 0),
    geom       geometry(LineString, 4326) not null
);
comment on column road_edge.one_way is 'Whether it leads from first_node to last_node alone.';
comment on column road_edge.kmh is 'Of the file where it says so, else of the class.';
create index road_edge_geom on road_edge using gist (geom);

create trigger tell_change after insert or update or delete or truncate on road_file for each statement execute function tell_change();
