-- One row per key, whichever instance wrote it: the unique constraint is what makes a repeated call safe.
create table charge (
    id         uuid                     not null primary key,
    charge_key varchar(100)             not null,
    amount     bigint                   not null,
    currency   varchar(3)               not null,
    card       varchar(100)             not null,
    status     varchar(10)              not null,
    reason     varchar(50),
    created_at timestamp with time zone not null,
    constraint one_charge_per_key unique (charge_key)
);
