create table purchase_order (
    id              uuid                     not null primary key,
    idempotency_key varchar(100),
    fingerprint     varchar(64)              not null,
    customer        varchar(100)             not null,
    currency        varchar(3)               not null,
    total           bigint                   not null,
    card            varchar(100)             not null,
    state           varchar(10)              not null,
    reason          varchar(300)             not null,
    charge_id       varchar(100),
    created_at      timestamp with time zone not null,
    -- What the request that placed it said about itself; sent with every call made for it.
    request_id      varchar(200)             not null,
    traceparent     varchar(200),
    tracestate      varchar(512),
    -- How often payment was asked, and when to ask again if there is still no answer.
    attempts        integer                  not null,
    next_attempt_at timestamp with time zone not null,
    constraint one_order_per_key unique (idempotency_key)
);

-- The loop looks for pending orders that are due, and for nothing else.
create index order_due on purchase_order (state, next_attempt_at);

create table order_item (
    order_id   uuid         not null references purchase_order (id),
    position   integer      not null,
    sku        varchar(100) not null,
    quantity   integer      not null,
    unit_price bigint       not null,
    primary key (order_id, position)
);

create table order_event (
    order_id uuid                     not null references purchase_order (id),
    position integer                  not null,
    state    varchar(10)              not null,
    reason   varchar(300)             not null,
    at       timestamp with time zone not null,
    primary key (order_id, position)
);
