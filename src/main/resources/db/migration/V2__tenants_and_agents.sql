-- Tenants and agents as rows, read when firefly.tenants.source is sql; and the minutes that tenants have used, always.
-- Plain SQL that H2 and PostgreSQL both take. What a column may hold is what the field of the same name may hold in
-- tenants.yaml or agents.yaml (max_call_length is max-call-length); NULL is a field that was left out.

-- Read every few seconds: who changes anything below adds 1 in the same transaction, and the next call knows it.
CREATE TABLE directory_version (
    version BIGINT NOT NULL
);
INSERT INTO directory_version (version) VALUES (1);

CREATE TABLE agent (
    name         VARCHAR(64) NOT NULL PRIMARY KEY,
    instructions VARCHAR(32000),
    greeting     VARCHAR(4000),
    voice        VARCHAR(64),
    model        VARCHAR(128),
    language     VARCHAR(32),
    tools        VARCHAR(4000) -- names with commas between them; empty: none, NULL: all
);

-- The row 'default' is the default tenant.
CREATE TABLE tenant (
    id               VARCHAR(64) NOT NULL PRIMARY KEY,
    callflow         VARCHAR(64),
    closed_callflow  VARCHAR(64),
    agent            VARCHAR(64),
    record           BOOLEAN,
    retention_days   INTEGER,
    time_zone        VARCHAR(64),
    concurrent_calls INTEGER,
    calls_per_second INTEGER,
    minutes_per_day  INTEGER,
    max_call_length  VARCHAR(16) -- 30m
);

CREATE TABLE tenant_number (
    tenant_id VARCHAR(64)  NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
    kind      VARCHAR(16)  NOT NULL, -- number: is dialled; diversion: forwards
    pattern   VARCHAR(128) NOT NULL,
    PRIMARY KEY (kind, pattern)
);

CREATE TABLE tenant_hours (
    tenant_id VARCHAR(64) NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
    weekday   VARCHAR(16) NOT NULL, -- mon-fri, mon, tue, ... or holidays
    hours     VARCHAR(32) NOT NULL, -- 09:00-17:30; of holidays 2026-12-24 or 12-24
    PRIMARY KEY (tenant_id, weekday, hours)
);

CREATE TABLE trunk (
    id VARCHAR(64) NOT NULL PRIMARY KEY
);

CREATE TABLE trunk_address (
    trunk_id VARCHAR(64) NOT NULL REFERENCES trunk (id) ON DELETE CASCADE,
    address  VARCHAR(64) NOT NULL PRIMARY KEY -- 203.0.113.0/24
);

CREATE TABLE trunk_tenant (
    trunk_id  VARCHAR(64) NOT NULL REFERENCES trunk (id) ON DELETE CASCADE,
    tenant_id VARCHAR(64) NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
    PRIMARY KEY (trunk_id, tenant_id)
);

-- No reference to tenant: those of tenants.yaml use minutes, too.
CREATE TABLE tenant_minutes (
    tenant_id   VARCHAR(64) NOT NULL,
    used_on     DATE        NOT NULL, -- in the tenant's time zone
    talk_millis BIGINT      NOT NULL,
    PRIMARY KEY (tenant_id, used_on)
);
CREATE INDEX tenant_minutes_by_day ON tenant_minutes (used_on);
